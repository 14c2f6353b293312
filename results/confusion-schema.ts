import * as z from 'zod';

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

/** With more labels of a multilabel task the counts are left out of records. */
export const mostCountedLabels = 1000;

const count = z.int().nonnegative();

/** How often each label of a multilabel task was predicted and applied, both, either or neither. */
export const labelConfusionSchema = z
  .array(
    z.strictObject({
      label: z.string(),
      trueNegatives: count,
      falsePositives: count,
      falseNegatives: count,
      truePositives: count,
    }),
  )
  .max(mostCountedLabels);

export type LabelConfusion = z.output<typeof labelConfusionSchema>;
export type Confusion = z.output<typeof confusionSchema>;
