import * as z from 'zod';
import { directionSchema, intervalSchema, verdictSchema } from './interval-schema.ts';

const name = z.string().min(1);

/**
 * One figure of a cell. `value` is null only with a `reason`, which tells of a missing `interval` where there is a value. Unit and
 * direction travel with it, so readers never ask the registry.
 */
export const metricValueSchema = z.strictObject({
  id: name,
  label: z.string(),
  unit: z.string(),
  direction: directionSchema,
  value: z.number().nullable(),
  reason: z.string().nullable(),
  interval: intervalSchema.nullable(),
  /** The implementation the definition is bound to, e.g. `scikit-learn 1.9`. */
  oracle: z.string(),
  /** Settings and version as the oracle writes them, e.g. sacrebleu's; null where it writes none, and in records of version 1. */
  signature: z.string().nullable(),
});

/** How far numbers of a variant lie from its baseline's, in their unit. */
const distanceSchema = z.strictObject({
  mean: z.number().nonnegative(),
  rootMeanSquare: z.number().nonnegative(),
  max: z.number().nonnegative(),
});

/** How far a variant's distributions of the next token lie from its baseline's. */
const nextTokenDivergenceSchema = z.strictObject({
  /** Mean KL(baseline || variant) a position, in nats. */
  klDivergence: z.number().nonnegative(),
  /** Of the mean; null with a reason. */
  interval: intervalSchema.nullable(),
  reason: z.string().nullable(),
  /** Of single positions; null of fewer than a hundred. */
  percentile99: z.number().nonnegative().nullable(),
  max: z.number().nonnegative(),
  /** Share of positions with the same likeliest token. */
  sameLikeliest: z.number().min(0).max(1),
  /** Drawn of the test split, as many as are kept. */
  positions: z.int().positive(),
  /** That they lie in. */
  samples: z.int().positive(),
});

/** How far a variant's outputs lie from its baseline's, right or wrong. */
export const outputDistanceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('regression'), values: distanceSchema }),
  z.strictObject({
    kind: z.literal('classification'),
    probabilities: distanceSchema,
    /** Mean KL(baseline || variant) a sample, in nats. */
    klDivergence: z.number(),
  }),
  z.strictObject({ kind: z.literal('multilabel'), scores: distanceSchema }),
  z.strictObject({ kind: z.literal('ranking'), scores: distanceSchema }),
  /** Share of tokens with another tag. */
  z.strictObject({ kind: z.literal('tagging'), changedTags: z.number().min(0).max(1) }),
  z.strictObject({
    kind: z.literal('generation'),
    lossPerToken: distanceSchema,
    /** Null with a reason. */
    divergence: nextTokenDivergenceSchema.nullable(),
    divergenceReason: z.string().nullable(),
  }),
]);

/** The same samples one by one and in a batch: a model whose outputs depend on their company is not deterministic in service. */
export const batchInvarianceSchema = z.strictObject({
  samples: z.int().positive(),
  batchSize: z.int().positive(),
  /** Largest difference of an output, relative to max(1, |output|); null where texts, lengths or what is a number differ. */
  largestDifference: z.number().nonnegative().nullable(),
});

/** How many samples changed between right and wrong against the baseline, and the share predicted alike. */
export const flipsSchema = z.strictObject({
  rightToWrong: z.int().nonnegative(),
  wrongToRight: z.int().nonnegative(),
  /** Share of samples with the same prediction as the baseline, 0 to 1. */
  agreement: z.number().min(0).max(1),
  samples: z.int().positive(),
  /** Ids of the flipped samples, at most 1000 of each. */
  rightToWrongIds: z.array(z.string()).max(1000),
  wrongToRightIds: z.array(z.string()).max(1000),
});

/** A test of the hypothesis that a variant is as good as its baseline; no verdict goes by it. */
const equalityTestSchema = z.strictObject({
  name: z.enum(['mcnemar', 'sign-flip', 'student-t', 'delong', 'approximate-randomization']),
  /** Two-sided; of McNemar's the exact one. */
  p: z.number().min(0).max(1),
  /** McNemar's mid-p, which is less cautious; null for the others. */
  midP: z.number().min(0).max(1).nullable(),
});

/** A metric of a variant judged against its baseline on the same samples. */
export const qualityComparisonSchema = z.strictObject({
  metric: name,
  label: z.string(),
  unit: z.string(),
  direction: directionSchema,
  baseline: z.number(),
  variant: z.number(),
  /** variant - baseline, in the metric's unit. */
  difference: z.number(),
  /** Of the difference; paired. */
  interval: intervalSchema.nullable(),
  /** The loss the policy tolerates, in the metric's unit, positive. */
  margin: z.number().nonnegative(),
  verdict: verdictSchema,
  reason: z.string(),
  /** How many further samples would decide; null where it is decided or no number would. */
  neededSamples: z.int().positive().nullable(),
  /** Null where all outputs are identical, where there were too many samples to test, and in records from before it was made. */
  equality: equalityTestSchema.nullable(),
});

/** The judged metric on the samples of one slice. */
export const sliceComparisonSchema = z.strictObject({
  /** What the samples share, e.g. `class 7`. */
  slice: z.string(),
  samples: z.int().positive(),
  /** Null where the metric is undefined on the slice. */
  comparison: qualityComparisonSchema.nullable(),
});

export type MetricValue = z.output<typeof metricValueSchema>;
export type QualityComparison = z.output<typeof qualityComparisonSchema>;
export type BatchInvariance = z.output<typeof batchInvarianceSchema>;
export type Flips = z.output<typeof flipsSchema>;
