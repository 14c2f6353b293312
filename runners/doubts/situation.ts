import type { FormName } from '../form.ts';

/** The options in force, so that no advice asks for what was done already. */
export interface Situation {
  form: FormName;
  /** Intra-op threads of the timed sessions. */
  threads: number;
  device: string;
}

const longerForms = {
  quick: 'run without --quick',
  default: 'run with --thorough',
  thorough: 'run on a quieter machine',
} as const satisfies Record<FormName, string>;

const longerWarmUps = {
  quick: 'run without --quick, which warms up longer',
  default: 'run with --thorough, which warms up longer',
  thorough: 'run on a quieter machine: no form warms up longer',
} as const satisfies Record<FormName, string>;

/** What lets latency settle that did not. */
export function warmUpMore({ form }: Pick<Situation, 'form'>): string {
  return longerWarmUps[form];
}

/** What measures more than was measured. */
export function measureMore({ form }: Situation): string {
  return longerForms[form];
}

/** Whether the CPU time of the process is that of the model: one thread of this very process computes. */
export function computesOnOneThread({ threads, device }: Pick<Situation, 'threads' | 'device'>): boolean {
  return threads === 1 && ['cpu', 'wasm'].includes(device);
}
