import { expect, test } from 'vitest';
import { minimumDetectableEffect } from '../../../core/statistics/detectable-effect.ts';
import { requiredSamples } from '../../../core/statistics/sample-size.ts';

test.each([
  [0.04, 0.01, 3426],
  [0.04, 0.02, 857],
  [0.04, 0.005, 13_703],
  [0.01, 0.01, 857],
  [0.01, 0.02, 215],
  [0.01, 0.005, 3426],
])('with %f of the samples flipping, a margin of %f takes %i samples', (variance, distance, samples) => {
  expect(requiredSamples({ variance, distance, alpha: 0.05, power: 0.9 })).toBe(samples);
});

test('no distance takes samples without end', () => {
  expect(requiredSamples({ variance: 1, distance: 0, alpha: 0.05, power: 0.9 })).toBe(Infinity);
});

test('ten processes detect 1.44 of their standard deviation, and 28 detect 0.86', () => {
  expect(minimumDetectableEffect(1, 10)).toBeCloseTo(1.44, 2);
  expect(minimumDetectableEffect(1, 28)).toBeCloseTo(0.86, 2);
  expect(minimumDetectableEffect(0.02, 10, { alpha: 0.05, beta: 0.2 })).toBeCloseTo(0.01604, 4);
});
