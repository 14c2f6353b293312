import * as z from 'zod';
import { taskKinds } from '../core/task-kind.ts';
import { adviceSchema } from './advice-schema.ts';
import { consistencySchema } from './consistency-schema.ts';
import { confusionSchema, labelConfusionSchema } from './confusion-schema.ts';
import { environmentSchema } from './environment-schema.ts';
import {
  conditionsSchema,
  footprintSchema,
  latencyComparisonSchema,
  latencyProfileSchema,
  processPairsSchema,
} from './latency-schema.ts';
import { layerCostsSchema } from './layer-costs-schema.ts';
import { storedPolicySchema } from './policy.ts';
import {
  batchInvarianceSchema,
  flipsSchema,
  metricValueSchema,
  outputDistanceSchema,
  qualityComparisonSchema,
  sliceComparisonSchema,
} from './quality-schema.ts';
import { scenarioResultSchema } from './scenario-schema.ts';
import { targetSchema } from './target-schema.ts';
import { warningSchema } from './warning-schema.ts';

/** The version this Assay writes. Older ones are migrated on read, newer ones refused; `docs/formats.md` tells each. */
export const schemaVersion = 4;

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hex');
const name = z.string().min(1);
const timestamp = z.iso.datetime();

/** What was asked, of what, and where: the same fields on cells and groups. */
export const subjectSchema = z.strictObject({
  suite: z.strictObject({ id: name, title: z.string(), hash }),
  task: z.enum(taskKinds),
  dataset: z.strictObject({
    id: name,
    title: z.string(),
    sha256: hash,
    licence: z.string(),
    split: z.string(),
    samples: z.int().nonnegative(),
  }),
  model: z.strictObject({ id: name, title: z.string(), sha256: hash }),
  target: targetSchema,
});

/** A variant as it ran: its passes in order, its lineage and its size. */
export const variantSchema = z.strictObject({
  name,
  isBaseline: z.boolean(),
  /** Content hash of the artifact; null where it was never built. */
  sha256: hash.nullable(),
  sizeBytes: z.int().positive().nullable(),
  gzipBytes: z.int().positive().nullable(),
  passes: z.array(
    z.strictObject({
      pass: name,
      parameters: z.record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean(), z.array(z.string()).readonly()]),
      ),
      /** What the pass did, in words, e.g. `3 of 3 MatMul and Gemm weights quantized to int8`. */
      summary: z.string(),
    }),
  ),
});

const skipped = z.strictObject({
  status: z.literal('skipped'),
  /**
   * `unavailable`: the target does not run here. `not-applicable`: the variant has no form for the target. `not-evaluated`: its
   * predictions, or its baseline's, could not be had, so that its speed would say nothing.
   */
  code: z.enum(['unavailable', 'not-applicable', 'not-evaluated']),
  reason: z.string(),
});

const failed = z.strictObject({
  status: z.literal('failed'),
  code: z.enum(['crashed', 'error', 'out-of-memory', 'timeout']),
  reason: z.string(),
  /** Last lines of the process's stderr, where there were any. */
  stderrTail: z.string().nullable(),
});

/** Where the predictions of a cell lie, relative to the folder of the run. */
const predictionsFileSchema = z.strictObject({
  file: name,
  sha256: hash,
  sizeBytes: z.int().positive(),
});

const qualityOutcome = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('measured'),
    metrics: z.array(metricValueSchema),
    predictions: predictionsFileSchema.nullable(),
    batchInvariance: batchInvarianceSchema.nullable(),
    /** Null for tasks without classes, for very many of them, and in records of older versions. */
    confusion: confusionSchema.nullable(),
    /** Null for tasks other than multilabel, for very many labels, and in records of older versions. */
    labelConfusion: labelConfusionSchema.nullable(),
  }),
  skipped,
  failed,
]);

const timedOutcome = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('measured'),
    profile: latencyProfileSchema,
    /** Null where it could not be measured. */
    footprint: footprintSchema.nullable(),
    /** Null in records from before they were kept. */
    conditions: conditionsSchema.nullable(),
    /** Figures that follow from latency, e.g. tokens per second. */
    metrics: z.array(metricValueSchema),
  }),
  skipped,
  failed,
]);

const base = {
  schemaVersion: z.literal(schemaVersion),
  /** Identity of what was asked: the hash of the job. */
  id: hash,
  /**
   * Identity of what was measured: the hash of all that predictions, times or a load depend on, machine and runtime included, and
   * of nothing that is computed or judged from them. Null where nothing was measured, and in records of version 2.
   */
  measurementId: hash.nullable(),
  runId: name,
  /** The earlier run it was measured in, where that is not the one it belongs to. */
  reusedFrom: name.nullable(),
  subject: subjectSchema,
  environment: environmentSchema,
  startedAt: timestamp,
  durationMs: z.number().nonnegative(),
  warnings: z.array(warningSchema),
};

/** Quality of one variant of one model on one target. */
export const cellRecordSchema = z.strictObject({
  ...base,
  kind: z.literal('cell'),
  variant: variantSchema,
  outcome: qualityOutcome,
});

/** Timing of a baseline and all its variants on one target, and the verdict on each. */
export const groupRecordSchema = z.strictObject({
  ...base,
  kind: z.literal('group'),
  timing: z.strictObject({
    batchSize: z.int().positive(),
    threads: z.int().positive(),
    /** Numbers of processes after which the evidence was to be looked at; it ends once all is decided. */
    looks: z.array(z.int().positive()).min(1),
    epochs: z.int().positive(),
    epochMs: z.number().positive(),
    seed: z.int(),
  }),
  policy: storedPolicySchema,
  /** The metric that `maxDrop` is for; null in records of version 1. */
  primaryMetric: name.nullable(),
  variants: z.array(
    z.strictObject({
      variant: variantSchema,
      /** Of the file its predictions were judged by; null where there were none, and in records of version 1. */
      predictionsSha256: hash.nullable(),
      /** Given before it was measured; null where it was not examined, and in records of older versions. */
      advice: z.array(adviceSchema).nullable(),
      /** Null where they were not asked for, the variant has none that can be left in float32, and in records of older versions. */
      layers: layerCostsSchema.nullable(),
      /** How it agrees with other targets; null where the model ran on one alone, and in records from before this was asked. */
      consistency: consistencySchema.nullable(),
      timed: timedOutcome,
      quality: z.array(qualityComparisonSchema),
      flips: flipsSchema.nullable(),
      distance: outputDistanceSchema.nullable(),
      /** Why two outputs have no distance; null where they have one, where there were none to compare, and in records of older versions. */
      distanceReason: z.string().nullable(),
      /** Worst first; empty where the suite names no slices. */
      slices: z.array(sliceComparisonSchema),
      latency: latencyComparisonSchema.nullable(),
    }),
  ),
  /** The baseline timed against itself; null where nothing was compared. */
  control: latencyComparisonSchema.nullable(),
  pairs: z.array(processPairsSchema),
});

const scenarioOutcome = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('measured'), result: scenarioResultSchema }),
  skipped,
  failed,
]);

/** One variant of one model on one target under one kind of load. */
export const scenarioRecordSchema = z.strictObject({
  ...base,
  kind: z.literal('scenario'),
  variant: variantSchema,
  scenario: z.enum(['single-stream', 'multi-stream', 'offline', 'server', 'thread-sweep']),
  outcome: scenarioOutcome,
});

/** A suite as it was given and as it ran. */
const ranSuiteSchema = z.strictObject({
  id: name,
  title: z.string(),
  description: z.string(),
  hash,
  given: z.json(),
  resolved: z.json(),
});

/** One invocation of `assay run`: what was planned and how it ended. */
export const runRecordSchema = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  kind: z.literal('run'),
  id: name,
  status: z.enum(['running', 'complete', 'incomplete', 'interrupted', 'timed-out']),
  form: z.enum(['quick', 'default', 'thorough']),
  /** What the command line asked for, beyond suites and form; null where it did not. */
  limits: z.strictObject({
    cellTimeoutMs: z.number().positive().nullable(),
    cellMemoryBytes: z.int().positive().nullable(),
    /** Of the whole run, which is then `timed-out`. */
    timeoutMs: z.number().positive().nullable(),
  }),
  startedAt: timestamp,
  finishedAt: timestamp.nullable(),
  assayVersion: z.string(),
  /** Git revision of Assay itself where it runs from its own repository; null from an installed package. */
  assayRevision: z.string().nullable(),
  /** Git revision of the working folder, with `+changes` where it was not clean; null outside a repository. */
  gitRevision: z.string().nullable(),
  environment: environmentSchema,
  suites: z.array(ranSuiteSchema),
  planned: z.strictObject({
    cells: z.int().nonnegative(),
    groups: z.int().nonnegative(),
    scenarios: z.int().nonnegative(),
  }),
});

export const recordSchema = z.discriminatedUnion('kind', [
  cellRecordSchema,
  groupRecordSchema,
  scenarioRecordSchema,
]);

export type Subject = z.output<typeof subjectSchema>;
export type Variant = z.output<typeof variantSchema>;
export type PredictionsFile = z.output<typeof predictionsFileSchema>;
export type QualityOutcome = z.output<typeof qualityOutcome>;
export type TimedOutcome = z.output<typeof timedOutcome>;
export type CellRecord = z.output<typeof cellRecordSchema>;
export type ScenarioOutcome = z.output<typeof scenarioOutcome>;
export type ScenarioRecord = z.output<typeof scenarioRecordSchema>;
export type GroupRecord = z.output<typeof groupRecordSchema>;
export type RunRecord = z.output<typeof runRecordSchema>;
export type StoredRecord = z.output<typeof recordSchema>;
