import { z } from 'zod';
import type { TaskKind } from '../core/task-kind.ts';

const output = z
  .string()
  .min(1)
  .optional()
  .describe('which output of the model is read; left out, the one whose shape fits');

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
    labels: z
      .array(z.string().min(1))
      .min(2)
      .refine((labels) => new Set(labels).size === labels.length, 'a label is there twice')
      .optional()
      .describe("the model's classes in the order of its output; left out, the dataset's in theirs"),
  }),
  z.strictObject({ kind: z.literal('generation'), output }),
]);

export type TaskOptions = z.output<typeof taskSchema>;
export type OptionsOf<Kind extends TaskKind> = Extract<TaskOptions, { kind: Kind }>;
