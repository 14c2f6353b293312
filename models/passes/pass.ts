import type { z } from 'zod';
import { parseWith } from '../../core/parse.ts';
import type { OnnxModel } from '../onnx/model.ts';

export type PassName = 'prune-magnitude' | 'quantize-dynamic';

/** Settings of a pass as records store them. */
export type PassParameters = Readonly<Record<string, string | number | boolean>>;

/** What came of a pass; `summary` says in words what it did. */
export type PassOutcome =
  { status: 'applied'; model: OnnxModel; summary: string } | { status: 'nothing-to-do'; reason: string };

/** One rewrite of a model. */
export interface Pass {
  /** Raised with every change of what the pass writes: built variants are kept by it. */
  version: number;
  /** ONNX operators whose weights it changes. */
  operators: readonly string[];
  /** Rewrites without changing `model`. Throws `variant-invalid` on parameters it does not know, `model-invalid` on weights it cannot use. */
  apply(model: OnnxModel, parameters: PassParameters): PassOutcome;
}

interface Definition<Schema extends z.ZodType> extends Pick<Pass, 'version' | 'operators'> {
  name: PassName;
  parameters: Schema;
  rewrite: (model: OnnxModel, parameters: z.output<Schema>) => PassOutcome;
}

/** Makes a pass that checks its parameters first. */
export function definePass<Schema extends z.ZodType>(definition: Definition<Schema>): Pass {
  const { name, version, operators, parameters, rewrite } = definition;
  const source = { what: 'parameters', where: `the pass ${name}`, code: 'variant-invalid' } as const;
  return {
    version,
    operators,
    apply: (model, given) => rewrite(model, parseWith(parameters, given, source)),
  };
}
