import { blockSize } from './blocks.ts';

/**
 * A sum over [0, count) taken block by block: plain within a block, compensated across blocks (Neumaier 1974), so that
 * the error stays near one rounding however long the input.
 */
export function sumInBlocks(count: number, sumBlock: (start: number, end: number) => number): number {
  let sum = 0;
  let lost = 0;
  for (let start = 0; start < count; start += blockSize) {
    const term = sumBlock(start, Math.min(count, start + blockSize));
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return Number.isFinite(sum) ? sum + lost : sum;
}

/** The sum of all values. */
export function sumOf(values: Float64Array): number {
  return sumInBlocks(values.length, (start, end) => {
    // Side by side, as an addition waits some cycles for the one before it.
    let [even, odd] = [0, 0];
    for (let i = start; i < end - 1; i += 2) {
      even += values[i]!;
      odd += values[i + 1]!;
    }
    return even + odd + ((end - start) % 2 === 1 ? values[end - 1]! : 0);
  });
}

/** The mean of all values, weighted where weights are given; NaN where there is nothing to weigh. */
export function meanOf(values: Float64Array, weights?: Float64Array): number {
  if (weights === undefined) return sumOf(values) / values.length;
  return weightedSumOf(values, weights) / sumOf(weights);
}

function weightedSumOf(values: Float64Array, weights: Float64Array): number {
  return sumInBlocks(values.length, (start, end) => {
    // In the order of `sumOf`, so that the mean of ones is exactly one.
    let [even, odd] = [0, 0];
    for (let i = start; i < end - 1; i += 2) {
      even += values[i]! * weights[i]!;
      odd += values[i + 1]! * weights[i + 1]!;
    }
    return even + odd + ((end - start) % 2 === 1 ? values[end - 1]! * weights[end - 1]! : 0);
  });
}
