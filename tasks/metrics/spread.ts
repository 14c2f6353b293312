import { blockSize } from './blocks.ts';
import { meanOf } from './sum.ts';

/** Mean of the values seen so far, and the sum of their squared distances to it. */
export interface Spread {
  count: number;
  mean: number;
  squares: number;
}

/** Values of a block as distances to the mean of what came before. */
export interface Block {
  count: number;
  sum: number;
  squares: number;
}

/** No values yet; `guess` is the shift of the first block: any value of the data. */
export function emptySpread(guess: number): Spread {
  return { count: 0, mean: guess, squares: 0 };
}

/**
 * Adds a block (Chan, Golub & LeVeque 1979). Distances to the mean so far cancel little: a block far from that mean adds as
 * much to the spread as it loses in digits. Constant values give a spread of exactly 0.
 */
export function addBlock(spread: Spread, { count, sum, squares }: Block): void {
  const total = spread.count + count;
  spread.squares += Math.max(0, squares - (sum * sum) / total);
  spread.mean += sum / total;
  spread.count = total;
}

/** Spread of all values. */
export function spreadOf(values: Float64Array): Spread {
  const spread = emptySpread(values[0]!);
  for (let start = 0; start < values.length; start += blockSize)
    addBlock(spread, distancesTo(values.subarray(start, start + blockSize), spread.mean));
  return spread;
}

function distancesTo(values: Float64Array, shift: number): Block {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const distance = values[i]! - shift;
    sum += distance;
    squares += distance * distance;
  }
  return { count: values.length, sum, squares };
}

/** Weighted mean squared distance to the weighted mean; exactly 0 for constant values. */
export function weightedSpread(values: Float64Array, weights: Float64Array): number {
  const first = values[0]!;
  const mean =
    first +
    meanOf(
      values.map((value) => value - first),
      weights,
    );
  return meanOf(
    values.map((value) => (value - mean) ** 2),
    weights,
  );
}
