import * as z from 'zod';
import { policySchema } from '../results/policy.ts';
import { withOptions } from '../tasks/metrics/metric-id.ts';
import { taskSchema } from '../tasks/task-options.ts';
import { scenarioSchema } from './scenario-schema.ts';
import { sliceSchema } from './slice.ts';
import { targetInputSchema } from './target.ts';

const id = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'expected lower-case words joined by "-"');

/** A built-in id, or a path relative to the suite file. */
const reference = z.string().min(1).max(500);

const optionSchema = z.union([z.string().min(1), z.number(), z.boolean(), z.array(z.string().min(1)).min(1)]);

/** An id, which may hold options, as in `bleu?tokenize=intl`; or an object of both, which becomes such an id. */
const metricSchema = z.union([
  z.string().min(1),
  z
    .object({ id: z.string().min(1) })
    .catchall(optionSchema)
    .transform(({ id: metric, ...options }) => withOptions(metric, options)),
]);

const timingSchema = z.strictObject({
  batchSize: z.int().min(1).max(4096).default(1).describe('samples a timed call'),
  threads: z.int().min(1).max(256).default(1).describe('intra-op threads of a timed session'),
  seed: z.int().default(1).describe('of every random order'),
});

function areDistinct(scenarios: readonly unknown[]): boolean {
  return new Set(scenarios.map((scenario) => JSON.stringify(scenario))).size === scenarios.length;
}

const limitsSchema = z.strictObject({
  timeoutSeconds: z
    .number()
    .positive()
    .max(604_800)
    .nullable()
    .default(null)
    .describe('how long one step of a cell may take; null leaves it to the form of the run'),
  memoryMiB: z
    .int()
    .min(64)
    .nullable()
    .default(null)
    .describe('resident memory a cell may take; null for nine tenths of what is free'),
});

/** A named set of tasks to run; the one shape of `*.suite.json`, `*.suite.yaml` and `defineSuite()`. */
export const suiteSchema = z
  .strictObject({
    $schema: z.string().optional(),
    id,
    title: z.string().min(1).max(200),
    description: z.string().max(2000).default(''),
    task: taskSchema,
    dataset: reference.describe('a built-in dataset id, or a path to a .dataset.json'),
    models: z
      .array(reference)
      .min(1)
      .describe('built-in model ids, or paths to an .onnx, a TF.js model.json or a .model.json'),
    variants: z
      .array(z.string().min(1))
      .min(1)
      .describe('names such as int8-dynamic or prune-magnitude-50; the baseline fp32 is always there'),
    targets: z
      .array(targetInputSchema)
      .min(1)
      .describe('runner and device, such as onnxruntime/cpu, or an object of it and its settings'),
    metrics: z
      .array(metricSchema)
      .min(1)
      .describe('metric ids, or objects of an id and options; the first is the one the policy judges'),
    slices: z
      .array(sliceSchema)
      .default([])
      .describe(
        '"class" or columns of the dataset, one called class as { "column": "class" }: the first metric is also judged on each of their values',
      ),
    timing: timingSchema.prefault({}),
    scenarios: z
      .array(scenarioSchema)
      .max(16)
      .refine(areDistinct, 'two scenarios are the same')
      .optional()
      .describe('kinds of load that every variant is put under, beside the comparison of latency'),
    limits: limitsSchema.prefault({}).describe('what ends a cell, and no other'),
    policy: policySchema,
  })
  .meta({ title: 'Assay suite' });

export type SuiteInput = z.input<typeof suiteSchema>;
export type Suite = z.output<typeof suiteSchema>;

/** Types a suite written in TypeScript; the loader validates it like any other. */
export function defineSuite(suite: SuiteInput): SuiteInput {
  return suite;
}
