import type { Figure } from '../metric.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import { divisionDoubts, fewDoubts } from './class-doubts.ts';
import { type AverageOptions, averaged, type ClassScore } from './class-scores.ts';
import { type ClassCounts, classCounts, type ConfusionMatrix } from './confusion.ts';
import { doubted, undefinedBecause, valued } from './figure.ts';

/** How classes or types are called and averaged, and which of them take part. */
interface Averaging {
  names: readonly string[];
  average: AverageOptions['average'];
  /** All where absent. */
  present?: readonly number[];
}

/** A score averaged over classes; those without a denominator count as 0 and are named. */
export function averagedFigure(counts: ClassCounts, score: ClassScore, averaging: Averaging): Figure {
  const { names, average, present = Array.from(names.keys()) } = averaging;
  if (average === 'micro')
    return orZero(averaged(counts, score, { average, labels: present, zeroDivision: NaN }));
  const value = averaged(counts, score, { average, labels: present });
  return valued(value, divisionDoubts({ names, noun: 'label', present }, score(counts, NaN)));
}

/** A score averaged over the labels that are expected or predicted. */
export function classesFigure(
  { labels }: ClassificationPredictions,
  confusion: ConfusionMatrix,
  { average, score }: { average: AverageOptions['average']; score: ClassScore },
): Figure {
  const { present, samples } = confusion;
  const figure = averagedFigure(classCounts(confusion), score, { names: labels, average, present });
  return average === 'macro' ? doubted(figure, fewDoubts(labels, samples)) : figure;
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
  const figure = orZero(score(classCounts(confusion), NaN)[1]!);
  return doubted(figure, fewDoubts(labels.slice(1), confusion.samples.subarray(1)));
}

function orZero(value: number): Figure {
  return Number.isNaN(value) ? valued(0, ['its denominator is 0, so it counts as 0']) : valued(value);
}
