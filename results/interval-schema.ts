import * as z from 'zod';

/** An estimate's confidence interval: bounds in the unit of the estimate, the level, and how it was made. */
export const intervalSchema = z.strictObject({
  low: z.number(),
  high: z.number(),
  level: z.number().gt(0).lt(1),
  method: z.string(),
});

export const verdictSchema = z.enum(['improved', 'pass', 'regressed', 'inconclusive']);

export const directionSchema = z.enum(['higher-is-better', 'lower-is-better']);
