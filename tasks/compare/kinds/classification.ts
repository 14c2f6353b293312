import type { ClassificationPredictions } from '../../predictions.ts';
import { distanceOf } from '../distance.ts';
import { mixFloats, mixIntegers, takeFacts, takeFloats, takeIntegers } from './columns.ts';
import type { ComparedKind } from './kind.ts';

export const classificationKind: ComparedKind<ClassificationPredictions> = {
  take: (from, indices) => ({
    ...from,
    ...takeFacts(from, indices),
    expected: takeIntegers(from.expected, indices),
    predicted: takeIntegers(from.predicted, indices),
    probabilities: takeFloats(from.probabilities, indices, from.labels.length),
  }),
  mix: (own, other, isOther) => ({
    ...own,
    predicted: mixIntegers(own.predicted, other.predicted, isOther),
    probabilities: mixFloats(own.probabilities, other.probabilities, isOther),
  }),
  outputs: ({ predicted, probabilities }) => [predicted, probabilities],
  answers: ({ expected, predicted }) => ({
    answer: (sample) => predicted[sample]!,
    isRight: (sample) => predicted[sample] === expected[sample],
  }),
  distance: (baseline, variant) => {
    const probabilities = distanceOf(baseline.probabilities, variant.probabilities);
    if (probabilities === null) return null;
    return { kind: 'classification', probabilities, klDivergence: klDivergence(baseline, variant) };
  },
  classes: ({ labels, expected }) => Array.from(expected, (label) => labels[label]!),
  counting: {
    sorts: ({ labels, expected, predicted }) =>
      expected.map((label, sample) => label * labels.length + predicted[sample]!),
    weigh: (predictions, weights) => ({ ...predictions, weights }),
  },
};

/** Probabilities are kept off 0 by 2^-52, as log loss does, so that a class the variant rules out counts much but not infinitely. */
function klDivergence(baseline: ClassificationPredictions, variant: ClassificationPredictions): number {
  let sum = 0;
  for (const [index, probability] of baseline.probabilities.entries()) {
    const other = Math.max(Number.EPSILON, variant.probabilities[index]!);
    if (probability > 0) sum += probability * Math.log(probability / other);
  }
  return Math.max(0, sum / baseline.ids.length);
}
