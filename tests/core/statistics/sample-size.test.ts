import { expect, test } from 'vitest';
import { minimumDetectableEffect, valuesToDetect } from '../../../core/statistics/detectable-effect.ts';
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

test('ten processes detect 1.78 of their standard deviation, 28 detect 0.92, and the normal limit is 4.55 over the root', () => {
  const rates = { alpha: 0.0025, beta: 0.05 };
  expect(minimumDetectableEffect(1, 10, rates)).toBeCloseTo(1.78, 2);
  expect(minimumDetectableEffect(1, 28, rates)).toBeCloseTo(0.92, 2);
  expect(minimumDetectableEffect(1, 1e6, rates) * 1e3).toBeCloseTo(4.55, 1);
});

test('the processes it takes are the fewest that detect the effect, or none within the limit', () => {
  const rates = { alpha: 0.0025, beta: 0.05 };
  const needed = valuesToDetect(0.02, { sd: 0.03, limit: 1000, ...rates });
  expect(needed).toBeGreaterThan(28);
  expect(minimumDetectableEffect(0.03, needed ?? 0, rates)).toBeLessThanOrEqual(0.02);
  expect(minimumDetectableEffect(0.03, (needed ?? 0) - 1, rates)).toBeGreaterThan(0.02);
  expect(valuesToDetect(0.02, { sd: 3, limit: 1000, ...rates })).toBeNull();
});
