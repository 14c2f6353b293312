import { z } from 'zod';

/** With more labels the matrix is left out of records; the predictions hold it. */
export const mostConfusionLabels = 50;

/** How many samples of each class were predicted to be of each. */
export const confusionSchema = z
  .strictObject({
    labels: z.array(z.string()).min(1).max(mostConfusionLabels),
    /** By expected class, then by predicted one. */
    counts: z.array(z.array(z.int().nonnegative())),
  })
  .refine(({ labels, counts }) => [counts, ...counts].every(({ length }) => length === labels.length), {
    path: ['counts'],
    error: 'expected a row and a column a label',
  });

export type Confusion = z.output<typeof confusionSchema>;
