import { meanOf, sumInBlocks } from './sum.ts';

/** The sum of a loss over rows [start, end). */
export type RowLoss = (start: number, end: number) => number;

/** The mean of a loss over rows, weighted where weights are given; without weights no memory is taken. */
export function meanLossOf(rows: number, loss: RowLoss, weights?: Float64Array): number {
  if (weights !== undefined) return meanOf(lossesOf(rows, loss), weights);
  return sumInBlocks(rows, loss) / rows;
}

/** The loss of each row. */
export function lossesOf(rows: number, loss: RowLoss): Float64Array {
  const losses = new Float64Array(rows);
  for (let row = 0; row < rows; row++) losses[row] = loss(row, row + 1);
  return losses;
}
