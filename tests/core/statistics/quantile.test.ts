import { expect, test } from 'vitest';
import { median, quantile, quantileInterval, sortAscending } from '../../../core/statistics/quantile.ts';
import golden from '../../golden/statistics/quantiles.json' with { type: 'json' };
import { expectAgreement } from './to-agree.ts';

test('quantiles agree with NumPy', () => {
  for (const [sample, probability, value] of golden.quantile as [number[], number, number][])
    expectAgreement(
      quantile(sortAscending(sample), probability),
      value,
      `${probability} of ${sample.length}`,
    );
});

test('the interval of a quantile agrees with SciPy, and is null where the values are too few', () => {
  for (const row of golden.quantileInterval as [number[], number, number, [number, number] | null][]) {
    const [sample, probability, level, bounds] = row;
    const interval = quantileInterval(sortAscending(sample), { probability, level });
    expect(interval === null ? null : [interval.low, interval.high]).toEqual(bounds);
  }
});

test('sorting is numeric, leaves its input alone and refuses NaN', () => {
  const values = [10, -1, 9, -Infinity, 2];
  expect([...sortAscending(values)]).toEqual([-Infinity, -1, 2, 9, 10]);
  expect(values[0]).toBe(10);
  expect(() => sortAscending([1, NaN])).toThrow('NaN cannot be ordered');
});

test('infinite neighbours do not turn into NaN', () => {
  expect(median(sortAscending([1, Infinity, Infinity, Infinity]))).toBe(Infinity);
});

test('nothing has no quantile', () => {
  expect(() => median(sortAscending([]))).toThrow('no quantile of 0 values');
});
