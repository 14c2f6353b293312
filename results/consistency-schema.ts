import * as z from 'zod';

/** Of the numbers a model computes with, coarsest where several are mixed. */
export const precisions = ['float32', 'float16', 'int16', 'int8', 'int4', 'int2'] as const;

const count = z.int().nonnegative();

/** The outputs of a variant on a target beside other outputs for the same samples. */
const outputsComparisonSchema = z.strictObject({
  /**
   * Root of the summed squares of the differences over that of the outputs compared with, in float64 (10^(-SQNR / 20)); null where
   * outputs are no numbers, or not finite.
   */
  relativeError: z.number().nonnegative().nullable(),
  /** Numbers that are finite there and not here. */
  nonFinite: count,
  /** Null where there is no right or wrong. */
  flips: z
    .strictObject({ rightToWrong: count, wrongToRight: count, agreement: z.number().min(0).max(1) })
    .nullable(),
  /** Of the first metric, here less there; null where either is undefined. */
  metricDifference: z.number().nullable(),
});

/** How a variant's outputs on one target agree with those on the reference target. */
export const consistencySchema = z.strictObject({
  /** The target that others are held against. */
  reference: z.string().min(1),
  precision: z.enum(precisions),
  /** The largest relative error of the same variant that counts as the same; of outputs that are no numbers, the share that differs. */
  tolerance: z.number().positive(),
  /** Against the unmodified model on the reference target. */
  toBaseline: outputsComparisonSchema.nullable(),
  /** Against the same variant on the reference target; null on that target itself, and where the variant has no outputs there. */
  toItself: outputsComparisonSchema.nullable(),
  /** Whether the variant does the same here as there; null where that cannot be told. */
  isConsistent: z.boolean().nullable(),
});

export type Precision = (typeof precisions)[number];
export type Consistency = z.output<typeof consistencySchema>;
export type OutputsComparison = z.output<typeof outputsComparisonSchema>;
