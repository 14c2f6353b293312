import { kernelsFor, type LossKernel } from '../kernels/kernels.ts';
import { addressOf } from '../kernels/workspace.ts';
import { meanLossOf, type RowLoss } from './losses.ts';
import type { SingleOutput } from './outputs.ts';
import { meanOf } from './sum.ts';

/** A loss of a predicted number. */
export interface PairLoss {
  of: (expected: number, predicted: number) => number;
  /** The kernel that sums it over rows (`kernels/assembly/index.ts`). */
  sum: LossKernel;
  /** What that kernel takes beside. */
  option?: number;
  /** The numbers that it takes, all where absent; rows with others are summed one by one. */
  within?: readonly [low: number, high: number];
  /** What is told, while they are at hand, of rows without weights whose expected values hold one in a range. */
  note?: { range: readonly [low: number, high: number]; found: () => void };
}

/** The mean of a loss over rows, weighted where weights are given; without weights no memory is taken. */
export function meanOfLoss(loss: PairLoss, given: SingleOutput): number {
  const { expected, predicted, sampleWeights } = given;
  if (sampleWeights !== undefined) return meanOf(pairLosses(loss, expected, predicted), sampleWeights);
  return meanLossOf(expected.length, summed(loss, given));
}

/** The loss of each row. */
export function pairLosses({ of }: PairLoss, expected: Float64Array, predicted: Float64Array): Float64Array {
  const losses = new Float64Array(expected.length);
  for (let row = 0; row < losses.length; row++) losses[row] = of(expected[row]!, predicted[row]!);
  return losses;
}

function summed(
  { of, sum, option = 0, within, note }: PairLoss,
  { expected, predicted }: SingleOutput,
): RowLoss {
  const kernels = kernelsFor(expected);
  const [y, p] = [addressOf(kernels, expected, 0), addressOf(kernels, predicted, 1)];
  const isWithin = (address: number, count: number): boolean =>
    within === undefined || kernels.compiled.hasOutside(address, count, ...within) === 0;
  return (start, end) => {
    const [count, first, second] = [end - start, y(start, end), p(start, end)];
    if (note !== undefined && kernels.compiled.hasInside(first, count, ...note.range) !== 0) note.found();
    if (isWithin(first, count) && isWithin(second, count))
      return kernels.compiled[sum](first, second, count, option);
    let total = 0;
    for (let row = start; row < end; row++) total += of(expected[row]!, predicted[row]!);
    return total;
  };
}
