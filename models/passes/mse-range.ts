import { affineOf, integerLimits, roundHalfEven, type Affine, type ActivationType } from './affine.ts';
import type { Histogram, Range } from './histogram.ts';

/** The least of the observed range that is tried, and how many shares of it up to all of it. */
const smallestShare = 0.3;
const steps = 70;

/** The share of the observed range whose integers stand for a histogram with the least squared error, every bin at its centre. */
export function leastErrorRange(histogram: Histogram, observed: Range, type: ActivationType): Range {
  let best = { error: Infinity, range: observed };
  for (let step = 0; step <= steps; step++) {
    const share = 1 - (step / steps) * (1 - smallestShare);
    const range = { low: Math.fround(observed.low * share), high: Math.fround(observed.high * share) };
    const error = squaredError(histogram, affineOf(range, type));
    if (error < best.error) best = { error, range };
  }
  return best.range;
}

function squaredError({ counts, edges }: Histogram, { scale, zeroPoint, type }: Affine): number {
  const { lowest, highest } = integerLimits[type];
  let error = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    if (counts[bin] === 0) continue;
    const value = (edges[bin]! + edges[bin + 1]!) / 2;
    const integer = Math.min(highest, Math.max(lowest, roundHalfEven(value / scale) + zeroPoint));
    error += counts[bin]! * (value - (integer - zeroPoint) * scale) ** 2;
  }
  return error;
}
