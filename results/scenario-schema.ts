import * as z from 'zod';
import { intervalSchema } from './interval-schema.ts';
import { percentileSchema } from './latency-schema.ts';

const probability = z.number().gt(0).lt(1);

/** MLPerf Inference's early-stopping estimate: with this confidence the percentile is at most so much, whatever the distribution. */
export const earlyStoppingSchema = z.strictObject({
  /** Which percentile, e.g. 0.99. */
  probability,
  confidence: probability,
  /** Null, with a reason, where there were too few queries. */
  atMostMs: z.number().positive().nullable(),
  reason: z.string().nullable(),
});

/** How the queries were made, and whether their figures count by MLPerf's rules. */
const setUp = {
  /** Intra-op threads of a session. */
  threads: z.int().positive(),
  seed: z.int(),
  /** Samples of the test split that queries were drawn from. */
  distinctSamples: z.int().positive(),
  /** Why the figures do not count by MLPerf's rules; empty where they do. */
  invalidReasons: z.array(z.string()),
};

const queries = { queries: z.int().positive(), durationMs: z.number().positive() };

/** Latencies of queries that follow one another without a pause. */
const stream = {
  ...queries,
  meanMs: z.number().positive(),
  /** Ascending. */
  percentiles: z.array(percentileSchema),
  earlyStopping: earlyStoppingSchema,
};

const throughput = { samplesPerSecond: z.number().positive(), interval: intervalSchema.nullable() };

/** One batch size in the rounds that compare them: the median round. */
const batchPointSchema = z.strictObject({
  batchSize: z.int().positive(),
  calls: z.int().positive(),
  rounds: z.int().positive(),
  ...throughput,
});

const attemptSchema = z.strictObject({
  /** A search looks for the highest rate; a confirmation repeats it for longer, with other arrivals. */
  purpose: z.enum(['search', 'confirmation']),
  /** Mean rate of the Poisson arrivals. */
  queriesPerSecond: z.number().positive(),
  ...queries,
  /** Queries that took longer than the bound, or were not served in time. */
  overLatency: z.int().nonnegative(),
  /** Queries that were still waiting when an overloaded attempt was ended. */
  unserved: z.int().nonnegative(),
  /** By early stopping: with 99 % confidence the share of queries within the bound is what was asked. */
  isMet: z.boolean(),
  percentiles: z.array(percentileSchema),
  earlyStopping: earlyStoppingSchema,
});

const threadPointSchema = z.strictObject({
  threads: z.int().positive(),
  calls: z.int().positive(),
  rounds: z.int().positive(),
  p50Ms: z.number().positive(),
  /** Of the median over rounds. */
  interval: intervalSchema.nullable(),
  /** Over one thread, round by round. */
  speedUp: z.number().positive(),
  speedUpInterval: intervalSchema.nullable(),
});

/** A setting of a sweep that could not be measured. */
const gap = { reason: z.string() };

/** What a scenario found; the names are MLPerf Inference's, a thread sweep aside. Latencies are in milliseconds. */
export const scenarioResultSchema = z.discriminatedUnion('scenario', [
  z.strictObject({ scenario: z.literal('single-stream'), ...setUp, ...stream }),
  z.strictObject({
    scenario: z.literal('multi-stream'),
    ...setUp,
    /** They arrive together and are one call. */
    samplesPerQuery: z.int().positive(),
    ...stream,
  }),
  z.strictObject({
    scenario: z.literal('offline'),
    ...setUp,
    /** Ascending in batch size. */
    points: z.array(batchPointSchema),
    gaps: z.array(z.strictObject({ batchSize: z.int().positive(), ...gap })),
    /** The batch size with the highest throughput, measured once more, so that being chosen does not flatter it. */
    best: z.strictObject({
      batchSize: z.int().positive(),
      samples: z.int().positive(),
      durationMs: z.number().positive(),
      ...throughput,
    }),
  }),
  z.strictObject({
    scenario: z.literal('server'),
    ...setUp,
    /** Sessions that serve queries, each on a thread of its own. */
    workers: z.int().positive(),
    latencyBoundMs: z.number().positive(),
    /** The share of queries that must meet the bound, e.g. 0.99. */
    probability,
    /** Every rate tried, in the order it was. */
    attempts: z.array(attemptSchema),
    /** The highest rate that met the bound and did so again when it was confirmed; null where none did. */
    bestQueriesPerSecond: z.number().positive().nullable(),
  }),
  z.strictObject({
    scenario: z.literal('thread-sweep'),
    ...setUp,
    batchSize: z.int().positive(),
    /** Ascending in threads; the first has one. */
    points: z.array(threadPointSchema),
    gaps: z.array(z.strictObject({ threads: z.int().positive(), ...gap })),
  }),
]);

export type ScenarioResult = z.output<typeof scenarioResultSchema>;
export type EarlyStopping = z.output<typeof earlyStoppingSchema>;
export type ServerAttempt = z.output<typeof attemptSchema>;
