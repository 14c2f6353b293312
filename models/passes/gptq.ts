import {
  blockCount,
  emptyLevels,
  fitGrid,
  levelOf,
  type BlockLevels,
  type BlockSettings,
  type Columns,
} from './block-quantization.ts';
import { dampened, inverseFactor, type SquareMatrix } from './cholesky.ts';

/** Share of the mean of the Hessian's diagonal that is added to it, as in the paper. */
const damping = 0.01;

/**
 * GPTQ (Frantar et al. 2022): rounds one row of inputs after the other and moves each error on to the rows still to come, as far
 * as their inputs go along with it. `gram` is X^T * X of the inputs, [rows, rows]. The grid of a block is fitted when its first row
 * comes, to the weights as the errors before have left them. Null where no damping makes the Gram matrix positive definite.
 */
export function quantizeByHessian(
  weight: Columns,
  settings: BlockSettings,
  gram: SquareMatrix,
): BlockLevels | null {
  const inverse = inverseFactor(dampened(gram, damping));
  if (inverse === null) return null;
  const found = emptyLevels(weight, settings);
  const columns = weight.data.length / weight.rows;
  for (let column = 0; column < columns; column++) {
    const values = weight.data.slice(column * weight.rows, (column + 1) * weight.rows);
    quantizeColumn({ found, values, column }, settings, inverse);
  }
  return found;
}

interface Column {
  found: BlockLevels;
  /** Changes as errors move on. */
  values: Float32Array;
  column: number;
}

function quantizeColumn(
  { found, values, column }: Column,
  settings: BlockSettings,
  inverse: SquareMatrix,
): void {
  const { blockSize } = settings;
  const blocks = blockCount(values.length, blockSize);
  for (let at = 0; at < blocks; at++) {
    const block = column * blocks + at;
    const [from, to] = [at * blockSize, Math.min(values.length, (at + 1) * blockSize)];
    const grid = fitGrid(values.subarray(from, to), settings);
    found.scales[block] = grid.scale;
    found.zeroPoints[block] = grid.zeroPoint;
    for (let row = from; row < to; row++) {
      const level = levelOf(values[row]!, grid);
      found.levels[block * blockSize + row - from] = level;
      const error = values[row]! - (level - grid.zeroPoint) * grid.scale;
      moveError(values, { row, error }, inverse);
    }
  }
}

function moveError(
  values: Float32Array,
  { row, error }: { row: number; error: number },
  { size, data }: SquareMatrix,
): void {
  const start = row * size;
  const share = error / data[start + row]!;
  for (let other = row + 1; other < size; other++) {
    values[other] = values[other]! - share * data[start + other]!;
  }
}
