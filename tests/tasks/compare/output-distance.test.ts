import { expect, test } from 'vitest';
import { outputDistance } from '../../../tasks/compare/output-distance.ts';
import { drawClasses, drawTexts, drawValues } from './draw-predictions.ts';

test('the distance of values is in their unit', () => {
  const baseline = drawValues({ samples: 4, noise: 0 });
  const predicted = baseline.predicted.map((value, sample) => value + ([0, 1, -1, 4][sample] ?? 0));
  expect(outputDistance(baseline, { ...baseline, predicted })).toEqual({
    kind: 'regression',
    values: {
      mean: expect.closeTo(1.5, 12) as number,
      rootMeanSquare: expect.closeTo(Math.sqrt(18 / 4), 12) as number,
      max: expect.closeTo(4, 12) as number,
    },
  });
});

test('the divergence of probabilities is that of Kullback and Leibler, mean over samples', () => {
  const baseline = {
    ...drawClasses({ samples: 2, noise: 0, classes: 2 }),
    probabilities: Float64Array.of(0.5, 0.5, 1, 0),
  };
  const variant = { ...baseline, probabilities: Float64Array.of(0.25, 0.75, 0.5, 0.5) };
  const expected = (0.5 * Math.log(2) + 0.5 * Math.log(2 / 3) + Math.log(2)) / 2;
  expect(outputDistance(baseline, variant)).toMatchObject({
    klDivergence: expect.closeTo(expected, 12) as number,
  });
});

test('the divergence of probabilities that do not sum to 1 is from 0 up', () => {
  const baseline = {
    ...drawClasses({ samples: 1, noise: 0, classes: 2 }),
    probabilities: Float64Array.of(0.5, 0),
  };
  const klDivergence = (...probabilities: number[]): unknown => {
    const distance = outputDistance(baseline, {
      ...baseline,
      probabilities: Float64Array.from(probabilities),
    });
    return distance?.kind === 'classification' ? distance.klDivergence : null;
  };
  expect(klDivergence(0.5, 0)).toBe(0);
  expect(klDivergence(1, 0.25)).toBeCloseTo(0.5 * Math.log(0.5) + 0.75, 12);
});

test('a class that the variant rules out counts much but not infinitely', () => {
  const baseline = {
    ...drawClasses({ samples: 1, noise: 0, classes: 2 }),
    probabilities: Float64Array.of(0.5, 0.5),
  };
  const distance = outputDistance(baseline, { ...baseline, probabilities: Float64Array.of(1, 0) });
  expect(distance).toMatchObject({
    klDivergence: expect.closeTo(0.5 * Math.log(0.25) + 26 * Math.LN2, 10) as number,
  });
});

test('texts are as far apart as their losses a token', () => {
  const texts = { ...drawTexts({ samples: 2, noise: 0 }), tokens: Int32Array.of(2, 0) };
  const baseline = { ...texts, negativeLogLikelihood: Float64Array.of(4, 0) };
  const variant = { ...texts, negativeLogLikelihood: Float64Array.of(5, 0) };
  expect(outputDistance(baseline, variant)).toMatchObject({ lossPerToken: { mean: 0.5, max: 0.5 } });
});

test('nothing, and outputs that are not finite, have no distance', () => {
  const none = drawValues({ samples: 0, noise: 0 });
  expect(outputDistance(none, none)).toBeNull();
  const values = drawValues({ samples: 2, noise: 0 });
  expect(outputDistance(values, { ...values, predicted: Float64Array.of(NaN, 1) })).toBeNull();
});
