import { expect, test } from 'vitest';
import { fromPixels, isDrawable, linearAxis, logAxis, toPixels } from '../../../site/views/axis.ts';

test.each([[[0.0189, 0.161]], [[50, 745]], [[1, 1.003]], [[3, 3]], [[1e-8, 1e11]]])(
  'a logarithmic axis around %j holds them between its ends, with 3 ticks or more',
  (values) => {
    const { low, high, ticks } = logAxis(values);
    expect(low).toBeLessThan(Math.min(...values));
    expect(high).toBeGreaterThan(Math.max(...values));
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    expect(ticks.every((tick) => tick >= low && tick <= high)).toBe(true);
  },
);

test('a logarithmic axis passes over what it cannot hold', () => {
  expect(logAxis([-4, 0, 1, 2])).toEqual(logAxis([1, 2]));
});

test.each([[[0.932, 0.991]], [[-0.06, 0]], [[5, 5]], [[0, 0]], [[-1e11, 1e11]]])(
  'a linear axis around %j holds them between its ends, with 3 to 8 round ticks',
  (values) => {
    const { low, high, ticks } = linearAxis(values);
    expect(low).toBeLessThan(Math.min(...values));
    expect(high).toBeGreaterThan(Math.max(...values));
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    expect(ticks.length).toBeLessThanOrEqual(8);
  },
);

test('ticks of an accuracy are round numbers', () => {
  expect(linearAxis([0.932, 0.991]).ticks).toEqual([0.94, 0.96, 0.98]);
});

test('pixels and values turn into one another', () => {
  for (const axis of [logAxis([0.02, 7]), linearAxis([-3, 8])]) {
    expect(fromPixels(axis, toPixels(axis, 2.5, 300), 300)).toBeCloseTo(2.5, 12);
    expect(toPixels(axis, axis.high, 300)).toBeCloseTo(300, 9);
  }
});

test.each([Infinity, NaN, 1e300, 1e-300])('%d has no place on an axis', (value) => {
  expect(isDrawable(value)).toBe(false);
});
