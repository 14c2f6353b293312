import type { GroupRecord } from '../../results/schema.ts';
import { makeGroup, makeQuality, makeTimedVariant, makeVariant } from './stored-runs.ts';

const ids = Array.from({ length: 25 }, (_, sample) => `s${sample}`);
const comparison = makeQuality();

/** A group of a baseline and a variant that got 25 samples of 450 wrong and one right. */
export const changedGroup: GroupRecord = makeGroup({
  variants: [
    makeTimedVariant({ variant: makeVariant() }),
    makeTimedVariant({
      variant: makeVariant({ name: 'int8-dynamic', isBaseline: false }),
      quality: [comparison],
      flips: {
        ...{ rightToWrong: 25, wrongToRight: 1, agreement: 0.94222, samples: 450 },
        ...{ rightToWrongIds: ids, wrongToRightIds: ['9'] },
      },
      distance: {
        kind: 'classification',
        probabilities: { mean: 0.0031, rootMeanSquare: 0.0112, max: 0.284 },
        klDivergence: 0.00042,
      },
      slices: [
        { slice: 'class 8', samples: 43, comparison },
        { slice: 'class 1', samples: 2, comparison: null },
      ],
    }),
  ],
});
