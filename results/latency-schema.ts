import * as z from 'zod';
import { intervalSchema, verdictSchema } from './interval-schema.ts';

/** What the looks found: p values adjusted for every look, the first two also for all the comparisons of the run. */
const evidenceSchema = z.strictObject({
  /** How often the growing number of processes was looked at. */
  looks: z.int().positive(),
  /** Comparisons of the run that share the chance of a false alarm. */
  comparisons: z.int().positive(),
  /** Of a variant that is not slower at all. */
  pSlower: z.number().min(0).max(1),
  /** Of a variant that is not faster at all. */
  pFaster: z.number().min(0).max(1),
  /** Of a variant that is slower by the margin or more. */
  pWithinMargin: z.number().min(0).max(1),
});

/** Latency of a variant judged against its baseline in the same processes. */
export const latencyComparisonSchema = z.strictObject({
  /** Time of the variant over time of the baseline: below 1 is faster. */
  ratio: z.number().positive(),
  /** Of the ratio. */
  interval: intervalSchema,
  /** The slowdown to be caught, e.g. 0.02 for 2 %. */
  margin: z.number().nonnegative(),
  verdict: verdictSchema,
  /** Nothing may be concluded from these figures: the control failed. The verdict is then `inconclusive`. */
  isWithheld: z.boolean(),
  reason: z.string(),
  /** Exact two-sided signed-rank p over processes, not adjusted. */
  p: z.number().min(0).max(1),
  /** Null in records from before looks were taken. */
  evidence: evidenceSchema.nullable(),
  processes: z.int().positive(),
  pairs: z.int().positive(),
  /** Standard deviation between processes of the logarithm of the ratio, e.g. 0.011 for about 1.1 %; null for one process. */
  noise: z.number().nonnegative().nullable(),
  /** Smallest slowdown this many processes would have shown, e.g. 0.013 for 1.3 %; null where noise could not be estimated. */
  minimumDetectableEffect: z.number().positive().nullable(),
  /** The ratio by CPU time instead of wall time; null where it was not recorded or says nothing (several threads, GPU). */
  cpuRatio: z.number().positive().nullable(),
});

/** A quantile of call latency; `ms` is null, with a reason, where the sample does not support it. */
export const percentileSchema = z.strictObject({
  /** E.g. 0.99. */
  probability: z.number().gt(0).lt(1),
  ms: z.number().positive().nullable(),
  interval: intervalSchema.nullable(),
  reason: z.string().nullable(),
});

/** Absolute latency of one inference call at the suite's batch size, in milliseconds. */
export const latencyProfileSchema = z.strictObject({
  batchSize: z.int().positive(),
  calls: z.int().positive(),
  meanMs: z.number().positive(),
  p50Ms: z.number().positive(),
  p50Interval: intervalSchema.nullable(),
  /** Above the median, ascending. */
  percentiles: z.array(percentileSchema),
});

/** Resident memory of a process that ran only this variant. */
const memorySchema = z.strictObject({
  /** Before the model was loaded. */
  idleBytes: z.int().positive(),
  peakBytes: z.int().positive(),
  /** After the calls. */
  steadyBytes: z.int().positive(),
  /** Slope over the calls after the first ones; a model that leaks grows for ever. Null where too few samples were taken. */
  growthBytesPerCall: z.number().nullable(),
});

/** What a variant costs beside its steady latency, in fresh processes that ran nothing else. */
export const footprintSchema = z.strictObject({
  processes: z.int().positive(),
  loadMs: z.number().positive(),
  firstCallMs: z.number().positive(),
  /** Null in records from before it was measured, as are the two below. */
  memory: memorySchema.nullable(),
  /** Whether repeated calls on the same input, in all processes, gave the same outputs to the bit. */
  outputs: z.strictObject({ calls: z.int().positive(), isRepeatable: z.boolean() }).nullable(),
  /** A call of a network that does next to nothing: the part of timer and binding. Null where the runner has none. */
  floorMs: z.number().positive().nullable(),
});

/** How the timed processes went for one contender. */
export const conditionsSchema = z.strictObject({
  /** Processes whose warm-up ended because the slope test saw no trend, of all. */
  steadyProcesses: z.int().nonnegative(),
  processes: z.int().positive(),
  /** Median over processes. */
  warmUpMs: z.number().nonnegative(),
  /** CPU time over wall time in timed units: 1 is one core kept busy; less is waiting. */
  cpuPerWall: z.number().nonnegative(),
  /** Median over processes; fewer than the form asks for where the models are large or slow. */
  epochs: z.number().positive(),
  units: z.int().nonnegative(),
  /** Garbage collections while the rounds of these processes ran, whichever contender of the group caused them. */
  collections: z.int().nonnegative(),
});

/** Raw material of the timing verdict: for one process, wall milliseconds per call of baseline and variant, pair by pair. */
export const processPairsSchema = z.strictObject({
  variant: z.string().min(1),
  process: z.int().nonnegative(),
  baselineMs: z.array(z.number()),
  variantMs: z.array(z.number()),
});

export type LatencyComparison = z.output<typeof latencyComparisonSchema>;
export type LatencyProfile = z.output<typeof latencyProfileSchema>;
export type Percentile = z.output<typeof percentileSchema>;
export type Footprint = z.output<typeof footprintSchema>;
export type Conditions = z.output<typeof conditionsSchema>;
export type ProcessPairs = z.output<typeof processPairsSchema>;
