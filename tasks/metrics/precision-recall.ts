import type { ClassCounts } from './confusion.ts';

/** How the scores of several classes become one. */
export type Average = 'micro' | 'macro' | 'weighted';

/** One number a class, from the counts of all classes; `zeroDivision` where its denominator is 0. */
export type ClassScore = (counts: ClassCounts, zeroDivision: number) => Float64Array;

/** Options of an averaged score. `labels` picks classes; absent means those that are expected or predicted. */
export interface AverageOptions {
  average: Average;
  /** What a class scores where its denominator is 0: 0, 1, or NaN to leave it out of the mean. */
  zeroDivision?: number;
  labels?: readonly number[];
}

/** truePositives / predicted of each class (scikit-learn `precision_score`). */
export const precision: ClassScore = ({ truePositives, predicted }, zeroDivision) =>
  truePositives.map((hits, label) => ratio(hits, predicted[label]!, zeroDivision));

/** truePositives / expected of each class (scikit-learn `recall_score`). */
export const recall: ClassScore = ({ truePositives, expected }, zeroDivision) =>
  truePositives.map((hits, label) => ratio(hits, expected[label]!, zeroDivision));

/** (1 + b^2) truePositives / (b^2 expected + predicted) of each class (scikit-learn `fbeta_score`). */
export function fBeta(beta: number): ClassScore {
  if (beta === Infinity) return recall;
  const square = beta * beta;
  return ({ truePositives, predicted, expected }, zeroDivision) =>
    truePositives.map((hits, label) =>
      ratio((1 + square) * hits, square * expected[label]! + predicted[label]!, zeroDivision),
    );
}

/** One score over classes as scikit-learn's `average` has it; NaN where every class is left out. */
export function averaged(counts: ClassCounts, score: ClassScore, options: AverageOptions): number {
  const zeroDivision = options.zeroDivision ?? 0;
  const picked = pick(counts, options.labels ?? presentClasses(counts));
  if (options.average === 'micro') return score(totals(picked), zeroDivision)[0]!;
  const scores = score(picked, zeroDivision);
  if (options.average === 'macro') return meanWithoutNaN(scores, () => 1, zeroDivision);
  return meanWithoutNaN(scores, (label) => picked.expected[label]!, zeroDivision);
}

/** Indices of the classes that are expected or predicted at least once. */
export function presentClasses({ predicted, expected }: ClassCounts): number[] {
  return Array.from(expected.keys()).filter((label) => expected[label]! > 0 || predicted[label]! > 0);
}

function ratio(numerator: number, denominator: number, zeroDivision: number): number {
  return denominator === 0 ? zeroDivision : numerator / denominator;
}

function pick(counts: ClassCounts, labels: readonly number[]): ClassCounts {
  const of = (values: Float64Array): Float64Array => Float64Array.from(labels, (label) => values[label] ?? 0);
  return {
    truePositives: of(counts.truePositives),
    predicted: of(counts.predicted),
    expected: of(counts.expected),
  };
}

function totals(counts: ClassCounts): ClassCounts {
  const of = (values: Float64Array): Float64Array =>
    Float64Array.of(values.reduce((sum, value) => sum + value, 0));
  return {
    truePositives: of(counts.truePositives),
    predicted: of(counts.predicted),
    expected: of(counts.expected),
  };
}

function meanWithoutNaN(
  scores: Float64Array,
  weightOf: (label: number) => number,
  otherwise: number,
): number {
  let [sum, total, known] = [0, 0, 0];
  scores.forEach((score, label) => {
    if (Number.isNaN(score)) return;
    known++;
    sum += score * weightOf(label);
    total += weightOf(label);
  });
  if (known === 0) return NaN;
  return total === 0 ? otherwise : sum / total;
}
