import * as z from 'zod';
import { intervalSchema } from '../../results/interval-schema.ts';

const shareSchema = z.strictObject({
  flagged: z.int().nonnegative(),
  replays: z.int().positive(),
  share: z.number().min(0).max(1),
  /** Wilson, two-sided. */
  interval: intervalSchema,
});

/** What a run can tell with the noise of one model. */
const modelSchema = z.strictObject({
  /** About how long a call takes, e.g. `1 ms`. */
  name: z.string().min(1),
  /** How long it took here. */
  p50Ms: z.number().positive(),
  processes: z.int().positive(),
  /** Log-ratios of identical models, one a process: a second and a third instance against the first. */
  shifts: z.array(z.array(z.number())),
  /** Robust standard deviation between processes of those, e.g. 0.011 for about 1.1 %. */
  noise: z.number().nonnegative(),
  /** Smallest slowdown that so many processes would show, by the looks of a run. */
  looks: z.array(
    z.strictObject({ processes: z.int().positive(), detectableEffect: z.number().positive().nullable() }),
  ),
  /** Replays in which identical models were judged different. */
  falseAlarms: shareSchema,
  /** Replays in which a slowdown of `margin` was flagged. */
  power: shareSchema,
  /** Whether a slowdown of `margin` is flagged in at least 95 % of the replays. */
  isDecidable: z.boolean(),
});

/** What one machine can tell apart. */
export const calibrationSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Of the environment it was made in; it says nothing of another. */
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  madeAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  form: z.enum(['default', 'thorough']),
  /** The slowdown asked about, e.g. 0.02. */
  margin: z.number().positive(),
  models: z.array(modelSchema).min(1),
});

export type Calibration = z.output<typeof calibrationSchema>;
export type CalibratedModel = Calibration['models'][number];
