import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  absoluteError,
  absolutePercentageError,
  meanLoss,
  pinball,
  squaredError,
  squaredLogError,
  symmetricPercentageError,
} from '../../../tasks/metrics/regression.ts';
import { holds } from '../metrics/holds.ts';

const exact = {
  absoluteError,
  absolutePercentageError,
  pinball: pinball(0.3),
  squaredError,
  symmetricPercentageError,
};
const numbers = fc.double({ noDefaultInfinity: true, noNaN: true });

test.each(Object.entries(exact))('the kernel of %s gives of one row what its formula gives', (_, loss) => {
  holds(
    fc.property(numbers, numbers, (expected, predicted) => {
      const value = meanLoss(loss)(Float64Array.of(expected), Float64Array.of(predicted));
      expect(value).toBe(loss.of(expected, predicted));
    }),
  );
});

const rows = fc.array(fc.tuple(fc.double({ min: -9, max: 9 }), fc.double({ min: -9, max: 9 })), {
  minLength: 1,
  maxLength: 50,
});

test.each(Object.entries(exact))('the kernel of %s gives of many rows their mean', (_, loss) => {
  holds(
    fc.property(rows, (pairs) => {
      const expected = Float64Array.from(pairs, ([value]) => value);
      const predicted = Float64Array.from(pairs, ([, value]) => value);
      const mean = pairs.reduce((sum, [y, p]) => sum + loss.of(y, p), 0) / pairs.length;
      const value = meanLoss(loss)(expected, predicted);
      if (mean === 0) expect(value).toBe(0);
      else if (Number.isFinite(mean)) expect(value / mean).toBeCloseTo(1, 13);
    }),
  );
});

/** ln(1 + y) - ln(1 + p) without the digits that it loses where they are alike. */
function logDifference(y: number, p: number): number {
  return Math.log1p((y - p) / (1 + p));
}

test('logarithms are those of Math.log1p, near and far apart', () => {
  const size = fc.oneof(fc.double({ min: -0.999, max: 20 }), fc.double({ min: 0, max: 1e300 }));
  const near = fc.double({ min: -0.5, max: 0.5, noNaN: true });
  holds(
    fc.property(size, size, near, (y, p, share) => {
      const of = (first: number, second: number): number =>
        Math.sqrt(meanLoss(squaredLogError)(Float64Array.of(first), Float64Array.of(second)));
      if (Number.isNaN(y) || Number.isNaN(p)) return;
      const far = Math.abs(Math.log1p(y) - Math.log1p(p));
      expect(Math.abs(of(y, p) - far)).toBeLessThanOrEqual(2e-14 * Math.max(1, far));
      const other = (1 + y) * share + y;
      const difference = Math.abs(logDifference(other, y));
      expect(Math.abs(of(other, y) - difference)).toBeLessThanOrEqual(
        1e-13 * difference + 4e-16 * (1 + Math.abs(y) / (1 + y)),
      );
    }),
  );
});

test('a small difference of logarithms keeps its digits', () => {
  const [y, p] = [3e-10, 1e-10];
  const value = meanLoss(squaredLogError)(Float64Array.of(y), Float64Array.of(p));
  expect(value / (Math.log1p(y) - Math.log1p(p)) ** 2).toBeCloseTo(1, 12);
});
