import type { RegressionPredictions } from '../../predictions.ts';
import { distanceOf } from '../distance.ts';
import { wildRows, mixFloats, takeFacts, takeFloats } from './columns.ts';
import type { ComparedKind } from './kind.ts';

export const regressionKind: ComparedKind<RegressionPredictions> = {
  take: (from, indices) => {
    const outputs = from.outputs ?? 1;
    return {
      ...from,
      ...takeFacts(from, indices),
      expected: takeFloats(from.expected, indices, outputs),
      predicted: takeFloats(from.predicted, indices, outputs),
    };
  },
  mix: (own, other, isOther) => ({
    ...own,
    predicted: mixFloats(own.predicted, other.predicted, isOther),
  }),
  outputs: ({ predicted }) => [predicted],
  answers: () => null,
  wildSamples: ({ ids, predicted }) => wildRows(ids, predicted),
  distance: (baseline, variant) => {
    const values = distanceOf(baseline.predicted, variant.predicted);
    return 'reason' in values ? values : { kind: 'regression', values };
  },
  classes: () => null,
};
