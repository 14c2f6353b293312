import { forEachMoments } from './moments.ts';
import { eachOutput, type OutputOptions, type SingleOutput } from './outputs.ts';
import { meanLoss, squaredError } from './regression.ts';
import { addBlock, emptySpread, weightedSpread } from './spread.ts';

/** How outputs are averaged: alike, or by how much their expected values vary. */
export interface ExplainedOptions extends OutputOptions {
  multioutput?: 'uniform-average' | 'variance-weighted';
  /** Whether constant expected values give 1 or 0 (the default) in place of NaN or -Infinity. */
  forceFinite?: boolean;
}

/** What is left to explain and what there was, of one output. */
export interface Parts {
  residual: number;
  total: number;
}

/**
 * 1 - sum w (y - p)^2 / sum w (y - mean y)^2 (scikit-learn `r2_score`): 1 where every error is 0, 0 where only the expected
 * values are constant, NaN for fewer than two samples.
 */
export function r2(expected: Float64Array, predicted: Float64Array, options: ExplainedOptions = {}): number {
  const { outputs = 1, sampleWeights } = options;
  if (expected.length / outputs < 2) return NaN;
  return assembled(eachOutput({ expected, predicted, sampleWeights, outputs }, squaredParts), options);
}

/** 1 - variance of (y - p) / variance of y (scikit-learn `explained_variance_score`); constant cases as in `r2`. */
export function explainedVariance(
  expected: Float64Array,
  predicted: Float64Array,
  options: ExplainedOptions = {},
): number {
  const { outputs = 1, sampleWeights } = options;
  return assembled(eachOutput({ expected, predicted, sampleWeights, outputs }, varianceParts), options);
}

/** The score of all outputs from what is left to explain of each. */
export function assembled(parts: readonly Parts[], options: ExplainedOptions = {}): number {
  const { multioutput = 'uniform-average', forceFinite = true } = options;
  const scores = parts.map((part) => (forceFinite ? explainedShare(part) : 1 - part.residual / part.total));
  const varying = parts.reduce((sum, { total }) => sum + total, 0);
  if (multioutput === 'uniform-average' || varying === 0)
    return scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return parts.reduce((sum, { total }, output) => sum + total * scores[output]!, 0) / varying;
}

function explainedShare({ residual, total }: Parts): number {
  if (residual === 0) return 1;
  return total === 0 ? 0 : 1 - residual / total;
}

function squaredParts({ expected, predicted, sampleWeights }: SingleOutput): Parts {
  if (sampleWeights === undefined) return unweightedSquaredParts(expected, predicted);
  const residual = meanLoss(squaredError)(expected, predicted, { sampleWeights });
  return { residual, total: weightedSpread(expected, sampleWeights) };
}

/** One pass over memory: the squared errors and the spread of the expected values together. */
function unweightedSquaredParts(expected: Float64Array, predicted: Float64Array): Parts {
  let residual = 0;
  const values = emptySpread(expected[0]!);
  forEachMoments({ expected, predicted }, { errors: emptySpread(0), values }, (block) => {
    residual += block.errors.squares;
    addBlock(values, block.values);
  });
  return { residual, total: values.squares };
}

function varianceParts({ expected, predicted, sampleWeights }: SingleOutput): Parts {
  if (sampleWeights === undefined) return unweightedVarianceParts(expected, predicted);
  const errors = expected.map((value, row) => value - predicted[row]!);
  return { residual: weightedSpread(errors, sampleWeights), total: weightedSpread(expected, sampleWeights) };
}

function unweightedVarianceParts(expected: Float64Array, predicted: Float64Array): Parts {
  const errors = emptySpread(expected[0]! - predicted[0]!);
  const values = emptySpread(expected[0]!);
  forEachMoments({ expected, predicted }, { errors, values }, (block) => {
    addBlock(errors, block.errors);
    addBlock(values, block.values);
  });
  return { residual: errors.squares, total: values.squares };
}
