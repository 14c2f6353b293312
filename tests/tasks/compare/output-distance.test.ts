import { expect, test } from 'vitest';
import { outputDistance as distanceOrReason } from '../../../tasks/compare/output-distance.ts';
import type { Predictions } from '../../../tasks/predictions.ts';
import { drawClasses, drawRankings, drawSets, drawTexts, drawValues } from './draw-predictions.ts';

const outputDistance = (baseline: Predictions, variant: Predictions) =>
  distanceOrReason(baseline, variant, 0.95).distance;

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

test('outputs without a distance say why, with their samples', () => {
  const reasonOf = (baseline: Predictions, variant = baseline): string | null =>
    distanceOrReason(baseline, variant, 0.95).distanceReason;
  const none = drawValues({ samples: 0, noise: 0 });
  expect(reasonOf(none)).toBe('There are no samples.');
  const values = drawValues({ samples: 2, noise: 0 });
  const wild = { ...values, predicted: Float64Array.of(1, NaN) };
  expect(reasonOf(values)).toBeNull();
  expect(reasonOf(values, wild)).toBe('Outputs of the variant are not finite for sample "s1".');
  expect(reasonOf(wild, values)).toBe('Outputs of the baseline are not finite for sample "s1".');
  const far = { ...values, predicted: Float64Array.of(1e200, 1) };
  expect(reasonOf(values, far)).toBe('The outputs are too far apart for their squares.');
  const sets = drawSets({ samples: 3, noise: 0 });
  const wildSets = { ...sets, scores: sets.scores.with(3, Infinity).with(8, -Infinity) };
  expect(reasonOf(sets, wildSets)).toContain('samples "s1", "s2"');
  const lists = drawRankings({ samples: 2, noise: 0 });
  expect(reasonOf(lists, { ...lists, scores: lists.scores.with(5, NaN) })).toContain('sample "s1"');
  const classes = drawClasses({ samples: 2, noise: 0 });
  expect(reasonOf(classes, { ...classes, probabilities: null })).toContain('labels alone');
  const texts = drawTexts({ samples: 2, noise: 0 });
  const endless = { ...texts, negativeLogLikelihood: Float64Array.of(1, Infinity) };
  expect(reasonOf(texts, endless)).toContain('sample "s1"');
});
