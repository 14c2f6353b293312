import { z } from 'zod';

/** Every doubt a record can carry. */
export const warningCodes = [
  'control-failed',
  'cpu-steal',
  'high-load',
  'ill-conditioned',
  'quick-form',
  'software-adapter',
  'batch-dependent',
  'not-steady',
] as const;

/** A doubt: what was seen, and what to do about it. */
export const warningSchema = z.strictObject({
  code: z.enum(warningCodes),
  detail: z.string(),
  advice: z.string(),
});

export type Warning = z.output<typeof warningSchema>;
