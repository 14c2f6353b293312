import type { MultilabelPredictions } from '../../predictions.ts';
import { distanceOf } from '../distance.ts';
import { mixFloats, takeFacts, takeFlags, takeFloats, wildRows } from './columns.ts';
import type { ComparedKind } from './kind.ts';

export const multilabelKind: ComparedKind<MultilabelPredictions> = {
  take: (from, indices) => {
    const width = from.labels.length;
    return {
      ...from,
      ...takeFacts(from, indices),
      expected: takeFlags(from.expected, indices, width),
      predicted: takeFlags(from.predicted, indices, width),
      scores: takeFloats(from.scores, indices, width),
    };
  },
  mix: (own, other, isOther) => ({
    ...own,
    predicted: own.predicted.map((flag, cell) =>
      isOther[Math.floor(cell / own.labels.length)] === 1 ? other.predicted[cell]! : flag,
    ),
    scores: mixFloats(own.scores, other.scores, isOther),
  }),
  outputs: ({ predicted, scores }) => [predicted, scores],
  answers: ({ labels, expected, predicted }) => {
    const [wanted, found] = [setsOf(expected, labels.length), setsOf(predicted, labels.length)];
    return {
      answer: (sample) => found[sample]!,
      isRight: (sample) => found[sample] === wanted[sample],
    };
  },
  wildSamples: ({ ids, scores }) => wildRows(ids, scores),
  distance: (baseline, variant) => {
    const scores = distanceOf(baseline.scores, variant.scores);
    return 'reason' in scores ? scores : { kind: 'multilabel', scores };
  },
  classes: () => null,
  counting: {
    sorts: ({ labels, expected, predicted }) => {
      const found = setsOf(predicted, labels.length);
      return setsOf(expected, labels.length).map((wanted, sample) => `${wanted} ${found[sample]!}`);
    },
    weigh: (predictions, weights) => ({ ...predictions, weights }),
  },
};

/** The labels of each sample as a text, by which sets are equal or not. */
function setsOf(flags: Uint8Array, width: number): string[] {
  return Array.from({ length: flags.length / width }, (_, row) =>
    flags.subarray(row * width, (row + 1) * width).join(''),
  );
}
