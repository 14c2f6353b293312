import type { StoredRecord } from './schema.ts';

/** A reason why a run does not pass. */
export interface Finding {
  level: 'failed' | 'inconclusive' | 'incomplete';
  /** Suite, model, target and variant. */
  subject: string;
  reason: string;
}

/** `cars cars-mlp int8-dynamic on onnxruntime/cpu`. */
export function nameOf({ subject }: Pick<StoredRecord, 'subject'>, variant: string): string {
  const { suite, model, target } = subject;
  return `${suite.id} ${model.id} ${variant} on ${target.runner}/${target.device}`;
}
