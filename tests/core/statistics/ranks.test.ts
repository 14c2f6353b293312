import { expect, test } from 'vitest';
import {
  type Alternative,
  hodgesLehmann,
  signedRankInterval,
  signedRankP,
} from '../../../core/statistics/signed-rank.ts';
import golden from '../../golden/statistics/ranks.json' with { type: 'json' };
import { expectAgreement } from './to-agree.ts';

test('the signed-rank p agrees with SciPy, with ties and zeros too', () => {
  for (const [sample, alternative, p] of golden.signedRankP as [number[], Alternative, number][])
    expectAgreement(signedRankP(sample, alternative), p, `${alternative} of ${sample.join(', ')}`);
});

test('the Hodges-Lehmann estimate and its interval agree with counting every assignment of signs', () => {
  for (const row of golden.signedRankInterval as [number[], number, number, number, number, number][]) {
    const [sample, level, estimate, low, high, attained] = row;
    const interval = signedRankInterval(sample, level);
    expectAgreement(hodgesLehmann(sample), estimate, 'estimate');
    expectAgreement(interval?.low ?? NaN, low, `low of ${sample.join(', ')}`);
    expectAgreement(interval?.high ?? NaN, high, `high of ${sample.join(', ')}`);
    expectAgreement(interval?.level ?? NaN, attained, `level of ${sample.join(', ')}`);
  }
});

test('nine values are the fewest that reach one look of four at one percent', () => {
  const values = Array.from({ length: 9 }, (_, index) => 1 + index / 10);
  expect(signedRankP(values, 'greater')).toBe(2 ** -9);
  expect(signedRankP(values.slice(1), 'greater')).toBeGreaterThan(0.0025);
});

test('too few values for a level give the widest interval and say what it attains', () => {
  expect(signedRankInterval([1, 2, 3, 4, 5], 0.95)).toEqual({
    low: 1,
    high: 5,
    level: 1 - 2 ** -4,
    method: 'signed-rank exact (n=5, the widest it allows)',
  });
  expect(signedRankInterval([1], 0.95)).toBeNull();
  expect(signedRankInterval([], 0.95)).toBeNull();
});

test('values that are all equal give a point, and no differences give p 1', () => {
  expect(signedRankInterval([2, 2, 2, 2, 2, 2, 2, 2], 0.95)).toMatchObject({ low: 2, high: 2, level: 0.95 });
  expect(signedRankP([0, 0, 0], 'two-sided')).toBe(1);
  expect(signedRankP([], 'greater')).toBe(1);
});

test('a NaN among the differences is refused', () => {
  expect(() => signedRankP([1, NaN], 'greater')).toThrow('NaN cannot be ordered');
});
