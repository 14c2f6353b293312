import * as z from 'zod';

/** 1 - confidence level, two-sided, of the columns of `passes` and `regressions`. */
export const alphas = [0.1, 0.05, 0.01, 0.005] as const;

const counts = z.array(z.int().nonnegative()).length(alphas.length);

/** What `simulate.ts` writes: how many runs of each point of the grid were judged wrongly. */
export const ratesSchema = z.array(
  z.strictObject({
    population: z.string(),
    metric: z.string(),
    margin: z.enum(['absolute', 'relative']),
    samples: z.int(),
    runs: z.int(),
    passes: counts,
    regressions: counts,
  }),
);

export type Rates = z.output<typeof ratesSchema>[number];
