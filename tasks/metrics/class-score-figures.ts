import type { Figure } from '../metric.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import { divisionDoubts, fewDoubts } from './class-doubts.ts';
import { type AverageOptions, averaged, type ClassScore } from './class-scores.ts';
import { type ClassCounts, classCounts, type ConfusionMatrix } from './confusion.ts';
import { doubted, undefinedBecause, valued } from './figure.ts';
import { placesOf } from './labels-option.ts';
import { namedSamples } from './named-samples.ts';
import { divisionInWords, type ZeroDivision } from './zero-division.ts';

/** How classes or types are called and averaged, and which of them take part. */
interface Averaging {
  names: readonly string[];
  average: AverageOptions['average'];
  /** All where absent. */
  present?: readonly number[];
  zeroDivision: ZeroDivision;
}

/** A score averaged over classes; those without a denominator are named. */
export function averagedFigure(counts: ClassCounts, score: ClassScore, averaging: Averaging): Figure {
  const { names, average, present = Array.from(names.keys()), zeroDivision } = averaging;
  if (average === 'micro')
    return doubted(
      orDivision(averaged(counts, score, { average, labels: present, zeroDivision: NaN }), zeroDivision),
      nothingDoubts(counts, present),
    );
  const value = averaged(counts, score, { average, labels: present, zeroDivision: Number(zeroDivision) });
  if (Number.isNaN(value)) return undefinedBecause('every label has a denominator of 0');
  const scores = score(counts, NaN);
  const absent =
    average === 'macro'
      ? unexpectedDoubts({ names, present, scores }, counts)
      : nothingDoubts(counts, present);
  return valued(value, [
    ...divisionDoubts({ names, noun: 'label', present, zeroDivision }, scores),
    ...absent,
  ]);
}

/** Names the labels that are predicted and never expected: each counts as much as any other, though nothing of it could be found. */
function unexpectedDoubts(
  { names, present, scores }: Pick<Averaging, 'names'> & { present: readonly number[]; scores: Float64Array },
  { expected }: ClassCounts,
): string[] {
  const taking = new Set(present);
  const named = namedSamples(
    names,
    (label) => taking.has(label) && expected[label] === 0 && !Number.isNaN(scores[label]),
    'label',
  );
  return named === null ? [] : [`nothing is of ${named}, which is predicted and counts as 0`];
}

function nothingDoubts({ expected, predicted }: ClassCounts, present: readonly number[]): string[] {
  const isSome = (column: Float64Array): boolean => present.some((label) => column[label]! > 0);
  return !isSome(expected) && isSome(predicted)
    ? ['nothing that takes part is expected in any sample, so there is nothing to find']
    : [];
}

/** How a score of classes is averaged: over the labels that are named, or else over those that are expected or predicted. */
interface ClassAveraging {
  average: AverageOptions['average'];
  score: ClassScore;
  labels?: readonly string[] | undefined;
  zeroDivision: ZeroDivision;
}

export function classesFigure(
  { labels: names }: ClassificationPredictions,
  confusion: ConfusionMatrix,
  { average, score, labels, zeroDivision }: ClassAveraging,
): Figure {
  const present = labels === undefined ? confusion.present : placesOf(labels, names);
  const figure = averagedFigure(classCounts(confusion), score, { names, average, present, zeroDivision });
  if (average !== 'macro') return figure;
  const taking = present.map((label) => confusion.samples[label]!);
  return doubted(
    figure,
    fewDoubts(
      present.map((label) => names[label]!),
      taking,
    ),
  );
}

/** A score of the last of two labels. */
export function binaryFigure(
  { labels }: ClassificationPredictions,
  confusion: ConfusionMatrix,
  { score, zeroDivision }: Pick<ClassAveraging, 'score' | 'zeroDivision'>,
): Figure {
  if (labels.length !== 2)
    return undefinedBecause(
      `a binary score takes 2 labels; found ${labels.length}; the macro one takes any number`,
    );
  const figure = orDivision(score(classCounts(confusion), NaN)[1]!, zeroDivision);
  return doubted(figure, positiveDoubts(labels[1]!, confusion));
}

function positiveDoubts(label: string, { samples }: ConfusionMatrix): string[] {
  if (samples[1]! > 0) return fewDoubts([label], samples.subarray(1));
  return [`none of the ${samples[0]!} samples is of label "${label}", so there is nothing to find`];
}

function orDivision(value: number, zeroDivision: ZeroDivision): Figure {
  if (!Number.isNaN(value)) return valued(value);
  if (zeroDivision === 'nan') return undefinedBecause('its denominator is 0');
  return valued(Number(zeroDivision), [`its denominator is 0, so it ${divisionInWords(zeroDivision)}`]);
}
