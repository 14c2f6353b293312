import { expect, test } from 'vitest';
import { hasInside, hasOutside } from '../../../tasks/metrics/scan.ts';

test.each([1, 2, 7, 8, 9, 17, 2047, 2049])('one number of %d is found wherever it is', (count) => {
  for (let place = 0; place < count; place++) {
    const values = new Float64Array(count).fill(0.5);
    expect([hasOutside(values, 0, 1), hasInside(values, 2, 3)]).toEqual([false, false]);
    values[place] = 2.5;
    expect([hasOutside(values, 0, 1), hasInside(values, 2, 3)]).toEqual([true, true]);
    values[place] = NaN;
    expect([hasOutside(values, -Infinity, Infinity), hasInside(values, -Infinity, 0)]).toEqual([true, false]);
  }
});

test('the ends of a range are in it', () => {
  const ends = Float64Array.of(0, 1);
  expect(hasOutside(ends, 0, 1)).toBe(false);
  expect(hasInside(ends, 1, 2)).toBe(true);
  expect(hasInside(new Float64Array(0), -Infinity, Infinity)).toBe(false);
});
