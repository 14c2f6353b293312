import * as z from 'zod';
import type { TaskKind } from '../core/task-kind.ts';

const output = z
  .string()
  .min(1)
  .optional()
  .describe('which output of the model is read; left out, the one whose shape fits');

const labels = z
  .array(z.string().min(1))
  .refine((given) => new Set(given).size === given.length, 'a label is there twice')
  .optional();

/** How an output becomes a score. */
export const taskSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('regression'), output }),
  z.strictObject({
    kind: z.literal('classification'),
    output,
    scores: z
      .enum(['probabilities', 'logits'])
      .default('probabilities')
      .describe('what the model puts out, a number a class, or one for the last of two'),
    labels: labels
      .refine((given) => given === undefined || given.length > 1, 'expected two labels or more')
      .describe("the model's classes in the order of its output; left out, the dataset's in theirs"),
  }),
  z.strictObject({
    kind: z.literal('multilabel'),
    output,
    scores: z
      .enum(['probabilities', 'logits'])
      .default('probabilities')
      .describe('what the model puts out, a number a label'),
    threshold: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.5)
      .describe('a label is predicted where its probability is above'),
    labels: labels.describe(
      "the model's labels in the order of its output; left out, the dataset's in theirs",
    ),
  }),
  z.strictObject({ kind: z.literal('ranking'), output }),
  z.strictObject({
    kind: z.literal('tagging'),
    output,
    labels: labels.describe("the model's tags in the order of its output; left out, the dataset's in theirs"),
  }),
  z.strictObject({ kind: z.literal('generation'), output }),
]);

export type TaskOptions = z.output<typeof taskSchema>;
export type OptionsOf<Kind extends TaskKind> = Extract<TaskOptions, { kind: Kind }>;
