import type { ClassCounts } from './confusion.ts';

/** One number a class, from the counts of all classes; `zeroDivision` where its denominator is 0. */
export type ClassScore = (counts: ClassCounts, zeroDivision: number) => Float64Array;

/** Options of a score over classes. */
export interface AverageOptions {
  average: 'micro' | 'macro' | 'weighted';
  /** Classes that take part, by index; an index without counts has no samples. */
  labels: readonly number[];
  /** What a class scores where its denominator is 0: 0 (the default), 1, or NaN to leave it out of the mean. */
  zeroDivision?: number;
}

/** truePositives / predicted of each class (scikit-learn `precision_score`). */
export const precision: ClassScore = ({ truePositives, predicted }, zeroDivision) =>
  ratios(truePositives, predicted, zeroDivision);

/** truePositives / expected of each class (scikit-learn `recall_score`). */
export const recall: ClassScore = ({ truePositives, expected }, zeroDivision) =>
  ratios(truePositives, expected, zeroDivision);

/** truePositives / (expected + predicted - truePositives) of each class (scikit-learn `jaccard_score`). */
export const jaccard: ClassScore = ({ truePositives, predicted, expected }, zeroDivision) => {
  const union = new Float64Array(truePositives.length);
  for (let i = 0; i < union.length; i++) union[i] = expected[i]! + predicted[i]! - truePositives[i]!;
  return ratios(truePositives, union, zeroDivision);
};

/** (1 + b^2) truePositives / (b^2 expected + predicted) of each class (scikit-learn `fbeta_score`, van Rijsbergen 1979). */
export function fBeta(beta: number): ClassScore {
  if (beta === Infinity) return recall;
  const square = beta * beta;
  return ({ truePositives, predicted, expected }, zeroDivision) => {
    const whole = new Float64Array(truePositives.length);
    for (let i = 0; i < whole.length; i++) whole[i] = (square * expected[i]! + predicted[i]!) / (1 + square);
    return ratios(truePositives, whole, zeroDivision);
  };
}

/** One score over classes as scikit-learn's `average` has it; NaN where every class is left out. */
export function averaged(counts: ClassCounts, score: ClassScore, options: AverageOptions): number {
  const zeroDivision = options.zeroDivision ?? 0;
  const picked = pick(counts, options.labels);
  if (options.average === 'micro') return score(totals(picked), zeroDivision)[0]!;
  return meanWithoutNaN(
    score(picked, zeroDivision),
    options.average === 'macro' ? undefined : picked.expected,
  );
}

/** The mean of the scores that are numbers, weighted unless all weights are 0; NaN where there is none. */
export function meanWithoutNaN(scores: Float64Array, weights?: Float64Array): number {
  let sum = 0;
  let total = 0;
  let plainSum = 0;
  let known = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (Number.isNaN(score)) continue;
    const weight = weights === undefined ? 1 : weights[i]!;
    sum += score * weight;
    total += weight;
    plainSum += score;
    known++;
  }
  return total === 0 ? plainSum / known : sum / total;
}

function ratios(parts: Float64Array, wholes: Float64Array, zeroDivision: number): Float64Array {
  const result = new Float64Array(parts.length);
  for (let i = 0; i < result.length; i++) result[i] = wholes[i] === 0 ? zeroDivision : parts[i]! / wholes[i]!;
  return result;
}

function pick(counts: ClassCounts, labels: readonly number[]): ClassCounts {
  return eachCount(counts, (values) => Float64Array.from(labels, (label) => values[label] ?? 0));
}

function totals(counts: ClassCounts): ClassCounts {
  return eachCount(counts, (values) => Float64Array.of(values.reduce((sum, value) => sum + value, 0)));
}

function eachCount(counts: ClassCounts, change: (values: Float64Array) => Float64Array): ClassCounts {
  return {
    truePositives: change(counts.truePositives),
    predicted: change(counts.predicted),
    expected: change(counts.expected),
  };
}
