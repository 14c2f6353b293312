import type { RegressionPredictions } from '../predictions.ts';
import { namedRows } from './named-samples.ts';
import { eachOutput } from './outputs.ts';
import { hasInside, hasOutside } from './scan.ts';
import { spreadOf } from './spread.ts';

/** A percentage of 0 is decided by what replaces the 0. */
export function zeroDoubts({ ids, expected, outputs = 1 }: RegressionPredictions): string[] {
  if (!hasInside(expected, -Number.EPSILON, Number.EPSILON)) return [];
  const named = namedRows({ ids, columns: outputs }, (cell) => Math.abs(expected[cell]!) < Number.EPSILON);
  if (named === null) return [];
  return [
    `the error of ${named} is divided by 2^-52 in place of an expected value of 0; read smape or mae instead`,
  ];
}

/** Below this share of the mean, rounding decides a share of the spread; the oracle leaves out the same cases (`SPREAD_SHARE`). */
export const roundingShare = 1e-7;

/**
 * Whether a value is so far from the first that the spread cannot be below that share, however alike the rest is: true within
 * a few rows of ordinary data. Two of n values at a distance d have a standard deviation of at least d / sqrt(2 n).
 */
function visiblyVaries(values: Float64Array): boolean {
  const first = values[0]!;
  const far = 2 * Math.sqrt(2 * values.length) * roundingShare * Math.abs(first);
  return hasOutside(values, first - far, first + far);
}

/** A share of a spread that is not there says nothing. */
export function spreadDoubts(given: RegressionPredictions): string[] {
  const { expected, predicted, outputs = 1 } = given;
  const isFlat = eachOutput({ expected, predicted, outputs }, (output) => {
    if (visiblyVaries(output.expected)) return false;
    const { mean, squares, count } = spreadOf(output.expected);
    return Math.sqrt(squares / count) <= Math.abs(mean) * roundingShare;
  });
  if (!isFlat.includes(true)) return [];
  const which =
    outputs === 1 ? '' : ` of output ${isFlat.flatMap((flat, output) => (flat ? [output] : [])).join(', ')}`;
  return [
    `the expected values${which} are (nearly) all alike, so there is no spread to explain; read an error such as mae instead`,
  ];
}
