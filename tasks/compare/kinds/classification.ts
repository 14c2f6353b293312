import type { ClassificationPredictions } from '../../predictions.ts';
import { distanceOf } from '../distance.ts';
import { wildRows, mixFloats, mixIntegers, takeFacts, takeFloats, takeIntegers } from './columns.ts';
import type { ComparedKind } from './kind.ts';

export const classificationKind: ComparedKind<ClassificationPredictions> = {
  take: (from, indices) => ({
    ...from,
    ...takeFacts(from, indices),
    expected: takeIntegers(from.expected, indices),
    predicted: takeIntegers(from.predicted, indices),
    probabilities:
      from.probabilities === null ? null : takeFloats(from.probabilities, indices, from.labels.length),
  }),
  mix: (own, other, isOther) => ({
    ...own,
    predicted: mixIntegers(own.predicted, other.predicted, isOther),
    probabilities:
      own.probabilities === null || other.probabilities === null
        ? null
        : mixFloats(own.probabilities, other.probabilities, isOther),
  }),
  outputs: ({ predicted, probabilities }) =>
    probabilities === null ? [predicted] : [predicted, probabilities],
  answers: ({ expected, predicted }) => ({
    answer: (sample) => predicted[sample]!,
    isRight: (sample) => predicted[sample] === expected[sample],
  }),
  wildSamples: ({ ids, probabilities }) => (probabilities === null ? null : wildRows(ids, probabilities)),
  distance: ({ ids, probabilities: before }, { probabilities: after }) => {
    if (before === null || after === null)
      return { reason: 'A model that puts out labels alone has no probabilities.' };
    const probabilities = distanceOf(before, after);
    if ('reason' in probabilities) return probabilities;
    return { kind: 'classification', probabilities, klDivergence: klDivergence(before, after) / ids.length };
  },
  classes: ({ labels, expected }) => Array.from(expected, (label) => labels[label]!),
  counting: {
    sorts: ({ labels, expected, predicted }) => {
      const sorts = new Int32Array(expected.length);
      for (let sample = 0; sample < sorts.length; sample++)
        sorts[sample] = expected[sample]! * labels.length + predicted[sample]!;
      return sorts;
    },
    weigh: (predictions, weights) => ({ ...predictions, weights }),
  },
};

/**
 * Of all samples together, generalised to rows that do not sum to 1 (plus q - p), which keeps it from 0 up. Probabilities are
 * kept off 0 by 2^-52, as log loss does, so that a class the variant rules out counts much but not infinitely.
 */
function klDivergence(baseline: Float64Array, variant: Float64Array): number {
  let sum = 0;
  for (const [index, probability] of baseline.entries()) {
    const other = variant[index]!;
    if (probability > 0) sum += probability * Math.log(probability / Math.max(Number.EPSILON, other));
    sum += other - probability;
  }
  return Math.max(0, sum);
}
