import * as z from 'zod';

/** Every doubt a record can carry. */
export const warningCodes = [
  'batch-dependent',
  'clock-jumped',
  'coarse-timer',
  'control-failed',
  'cpu-fallback',
  'cpu-governor',
  'cpu-steal',
  'cpu-throttled',
  'drift',
  'footprint-failed',
  'high-load',
  'ill-conditioned',
  'inconsistent-target',
  'label-order',
  'memory-growth',
  'near-floor',
  'noisy-neighbour',
  'not-deterministic',
  'not-steady',
  'quick-form',
  'software-adapter',
  'swapping',
  'thermal-throttling',
] as const;

/** A doubt: what was seen, and what to do about it. */
export const warningSchema = z.strictObject({
  code: z.enum(warningCodes),
  detail: z.string(),
  advice: z.string(),
});

export type Warning = z.output<typeof warningSchema>;
