import { kernelsFor } from '../kernels/kernels.ts';
import { addressOf, resultsOf } from '../kernels/workspace.ts';
import { forEachBlock } from './blocks.ts';
import type { SingleOutput } from './outputs.ts';
import type { Block, Spread } from './spread.ts';

/** Something of the errors y - p and of the expected values y. */
interface Moments<Of> {
  errors: Of;
  values: Of;
}

/** Visits block by block the distances of errors and of expected values to the means so far, which the visitor moves. */
export function forEachMoments(
  { expected, predicted }: SingleOutput,
  { errors, values }: Moments<Spread>,
  visit: (block: Moments<Block>) => void,
): void {
  const kernels = kernelsFor(expected);
  const [y, p] = [addressOf(kernels, expected, 0), addressOf(kernels, predicted, 1)];
  const sums = resultsOf(kernels, 4);
  forEachBlock(expected.length, (start, end) => {
    const count = end - start;
    kernels.compiled.moments(y(start, end), p(start, end), count, errors.mean, values.mean, sums.byteOffset);
    visit({
      errors: { count, sum: sums[0]!, squares: sums[1]! },
      values: { count, sum: sums[2]!, squares: sums[3]! },
    });
  });
}
