import type { Figure } from '../metric.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import { type AverageOptions, averaged, type ClassScore } from './class-scores.ts';
import { type ClassCounts, classCounts, type ConfusionMatrix } from './confusion.ts';
import { undefinedBecause, valued } from './figure.ts';
import { namedSamples } from './named-samples.ts';
import { hasOutside } from './scan.ts';
import { sumOf } from './sum.ts';

interface Averaging {
  labels: readonly string[];
  confusion: ConfusionMatrix;
  average: AverageOptions['average'];
}

/** A score averaged over the labels that are expected or predicted; labels without a denominator count as 0 and are named. */
export function averagedFigure({ labels, confusion, average }: Averaging, score: ClassScore): Figure {
  const counts = classCounts(confusion);
  const value = averaged(counts, score, { average, labels: confusion.present });
  return valued(
    value,
    average === 'micro'
      ? []
      : divisionDoubts({ names: labels, noun: 'label', present: confusion.present }, counts, score),
  );
}

/** A score of the last of two labels. */
export function binaryFigure(
  { labels }: ClassificationPredictions,
  confusion: ConfusionMatrix,
  score: ClassScore,
): Figure {
  if (labels.length !== 2)
    return undefinedBecause(
      `a binary score takes 2 labels; found ${labels.length}; the macro one takes any number`,
    );
  const value = score(classCounts(confusion), NaN)[1]!;
  if (!Number.isNaN(value)) return valued(value);
  return valued(0, [`its denominator is 0, as no sample is "${labels[1]!}", so it counts as 0`]);
}

/** Names the labels, or samples, that take part and whose score has a denominator of 0. */
export function divisionDoubts(
  {
    names,
    noun,
    present,
  }: { names: readonly string[]; noun: 'label' | 'sample'; present?: readonly number[] },
  counts: ClassCounts,
  score: ClassScore,
): string[] {
  const scores = score(counts, NaN);
  if (!hasOutside(scores, -Infinity, Infinity)) return [];
  const takesPart = present && new Set(present);
  const isDivided = (index: number): boolean =>
    Number.isNaN(scores[index]) && (takesPart?.has(index) ?? true);
  const named = namedSamples(names, isDivided, noun);
  return named === null ? [] : [`the score of ${named} has a denominator of 0 and counts as 0`];
}

/** Names the labels that are predicted and never expected. */
export function absentDoubts({ labels }: ClassificationPredictions, confusion: ConfusionMatrix): string[] {
  const { expected } = classCounts(confusion);
  const named = confusion.present
    .filter((label) => expected[label] === 0)
    .map((label) => `"${labels[label]!}"`);
  return named.length === 0 ? [] : [`${named.join(', ')} is predicted and never expected, and takes no part`];
}

/** A correlation with a constant is 0 by convention, and with what is nearly one it is what rounding leaves. */
export function constantDoubts(confusion: ConfusionMatrix): string[] {
  const { expected, predicted } = classCounts(confusion);
  const constant = [
    ...(largestShare(expected) > nearlyAll ? ['expected'] : []),
    ...(largestShare(predicted) > nearlyAll ? ['predicted'] : []),
  ];
  if (constant.length === 0) return [];
  return [
    `(nearly) all weight is on one ${constant.join(' and one ')} label: a correlation with a constant is 0 by convention`,
  ];
}

const nearlyAll = 1 - 1e-6;

function largestShare(counts: Float64Array): number {
  return Math.max(...counts) / sumOf(counts);
}
