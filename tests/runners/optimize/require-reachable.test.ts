import { expect, test } from 'vitest';
import type { Margin } from '../../../results/policy.ts';
import { requireReachable, type Bounded } from '../../../runners/optimize/require-reachable.ts';
import { metricById } from '../../../tasks/metrics/registry.ts';

const require = (maxDrop: Margin, metric: Bounded): (() => void) => {
  return () => {
    requireReachable(maxDrop, metric);
  };
};
const relative = (value: number): Margin => ({ kind: 'relative', value });
const absolute = (value: number): Margin => ({ kind: 'absolute', value });

test('more than accuracy can lose is refused, with what is accepted', () => {
  const accuracy = metricById('accuracy', 'classification');
  const accepted =
    'can lose, which lies between 0 and 1; amounts up to 1 and shares of the baseline up to 100% are accepted.';
  expect(require(relative(2), accuracy)).toThrow(`--max-drop 200% is more than accuracy ${accepted}`);
  expect(require(absolute(200), accuracy)).toThrow(`--max-drop 200 is more than accuracy ${accepted}`);
  for (const margin of [relative(1), relative(0.01), absolute(1), absolute(0)])
    expect(require(margin, accuracy)).not.toThrow();
});

test('an error may become several times as large, and R² fall below zero', () => {
  expect(require(relative(2), metricById('mse', 'regression'))).not.toThrow();
  expect(require(absolute(200), metricById('mse', 'regression'))).not.toThrow();
  expect(require(relative(2), metricById('r2', 'regression'))).not.toThrow();
  expect(require(absolute(2), metricById('r2', 'regression'))).not.toThrow();
});

test('a share of more than all of an error that ends somewhere is taken, an amount beyond it is not', () => {
  const brier = metricById('brier', 'classification');
  expect(require(relative(2), brier)).not.toThrow();
  expect(require(absolute(3), brier)).toThrow('amounts up to 2 and shares of the baseline are accepted');
});
