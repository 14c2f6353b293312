import { expect, test } from 'vitest';
import { approximateRandomizationP } from '../../../core/statistics/approximate-randomization.ts';
import { holm } from '../../../core/statistics/holm.ts';
import { meanInterval } from '../../../core/statistics/mean-interval.ts';
import { signFlipP } from '../../../core/statistics/sign-flip.ts';
import { mean } from '../../../core/statistics/summary.ts';
import { createRandom } from '../../../core/random.ts';
import golden from '../../golden/statistics/means.json' with { type: 'json' };
import { expectAgreement } from './to-agree.ts';

test("Student's interval of a mean agrees with SciPy to 1e-10", () => {
  for (const [sample, level, low, high] of golden.meanInterval as [number[], number, number, number][]) {
    const interval = meanInterval(sample, level);
    expectAgreement(interval?.low ?? NaN, low, `low of ${sample.length}`);
    expectAgreement(interval?.high ?? NaN, high, `high of ${sample.length}`);
  }
  expect(meanInterval([3], 0.95)).toBeNull();
});

test('the exact sign-flip p agrees with SciPy', () => {
  for (const [differences, p] of golden.signFlipP as [number[], number][])
    expectAgreement(signFlipP(differences, 1), p, differences.join(', '));
});

test('the sampled sign-flip p comes near the exact one, never to 0, and again with the same seed', () => {
  const random = createRandom(4);
  const few = Array.from({ length: 20 }, () => random.normal() + 0.5);
  const many = [...few, 0];
  expect(signFlipP(many, 7)).toBeCloseTo(signFlipP(few, 7), 1.7);
  expect(signFlipP(many, 7)).toBe(signFlipP(many, 7));
  expect(signFlipP(new Array<number>(60).fill(1), 7)).toBe(1 / 10_001);
});

test('approximate randomization comes near the sign flips of the mean that it generalises', () => {
  const random = createRandom(5);
  const differences = Array.from({ length: 18 }, () => random.normal() + 0.5);
  const difference = (swapped: Uint8Array): number =>
    mean(differences.map((value, sample) => (swapped[sample] === 1 ? -value : value)));
  const p = approximateRandomizationP({ samples: 18, difference }, { resamples: 4000, seed: 3 });
  expect(Math.abs(p - signFlipP(differences, 0))).toBeLessThan(0.02);
});

test('two systems that never differ are interchangeable', () => {
  expect(approximateRandomizationP({ samples: 5, difference: () => 0 }, { resamples: 50, seed: 1 })).toBe(1);
});

test("Holm's adjustment agrees with statsmodels", () => {
  for (const [index, adjusted] of holm(golden.holm.p).entries())
    expectAgreement(adjusted, golden.holm.adjusted[index] ?? NaN, `p ${index}`);
  expect(holm([])).toEqual([]);
});
