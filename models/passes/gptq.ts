import type { Matrix } from '../onnx/kernels.ts';
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
import { partOf, spansOf, timesMatrix, type Span } from './matrix-product.ts';

/** Share of the mean of the Hessian's diagonal that is added to it, as in the paper. */
const damping = 0.01;

/** Rows whose errors move on together; whole blocks of them. */
const leastRows = 64;
/** Weights of the columns that are worked on together. */
const mostWeights = 2 ** 20;

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
  const { rows, data } = weight;
  const found = emptyLevels(weight, settings);
  const stretches = stretchesOf(inverse, Math.max(leastRows, settings.blockSize));
  for (const span of spansOf(data.length / rows, Math.max(1, Math.floor(mostWeights / rows)))) {
    const values = data.slice(span.from * rows, span.to * rows);
    for (const stretch of stretches) quantizeStretch({ found, values, span }, settings, { inverse, stretch });
  }
  return found;
}

/** Rows whose errors move on to those after them together. */
interface Stretch extends Span {
  /** How far each error goes along with each of the rows after the stretch. */
  beyond: Matrix;
}

function stretchesOf({ size, data }: SquareMatrix, length: number): Stretch[] {
  const rows = { data, rowLength: size };
  return spansOf(size, length).map((span) => ({
    ...span,
    beyond: partOf(rows, span, { from: span.to, to: size }),
  }));
}

/** Some columns of a weight. */
interface Part {
  found: BlockLevels;
  /** Change as errors move on. */
  values: Float32Array;
  /** Which columns these are. */
  span: Span;
}

function quantizeStretch(
  { found, values, span }: Part,
  settings: BlockSettings,
  { inverse, stretch }: { inverse: SquareMatrix; stretch: Stretch },
): void {
  const { size } = inverse;
  const [columns, length] = [span.to - span.from, stretch.to - stretch.from];
  const shares = new Float64Array(columns * length);
  for (let at = 0; at < columns; at++) {
    const own = values.subarray(at * size + stretch.from, at * size + stretch.to);
    const column = { found, values: own, column: span.from + at };
    const errors = shares.subarray(at * length, (at + 1) * length);
    quantizeColumn({ ...column, shares: errors, from: stretch.from }, settings, inverse);
  }
  if (stretch.to < size) moveBeyond(values, { rows: columns, columns: length, data: shares }, stretch);
}

interface Column {
  found: BlockLevels;
  column: number;
  /** Of some rows, the first of which is `from`. */
  values: Float32Array;
  from: number;
  /** Of each error, to be moved on. */
  shares: Float64Array;
}

function quantizeColumn(
  { found, column, values, from, shares }: Column,
  settings: BlockSettings,
  inverse: SquareMatrix,
): void {
  const { blockSize } = settings;
  const first = column * blockCount(inverse.size, blockSize) + from / blockSize;
  for (const [at, span] of spansOf(values.length, blockSize).entries()) {
    const block = first + at;
    const grid = fitGrid(values.subarray(span.from, span.to), settings);
    found.scales[block] = grid.scale;
    found.zeroPoints[block] = grid.zeroPoint;
    for (let row = span.from; row < span.to; row++) {
      const level = levelOf(values[row]!, grid);
      found.levels[block * blockSize + row - span.from] = level;
      const error = values[row]! - (level - grid.zeroPoint) * grid.scale;
      shares[row] = error / inverse.data[(from + row) * (inverse.size + 1)]!;
      moveError(values, { row, from, share: shares[row]! }, inverse);
    }
  }
}

function moveError(
  values: Float32Array,
  { row, from, share }: { row: number; from: number; share: number },
  { size, data }: SquareMatrix,
): void {
  const start = (from + row) * size + from;
  for (let other = row + 1; other < values.length; other++) {
    values[other] = values[other]! - share * data[start + other]!;
  }
}

function moveBeyond(values: Float32Array, shares: Matrix, { to, beyond }: Stretch): void {
  const size = values.length / shares.rows;
  const moved = timesMatrix(shares, beyond);
  for (let column = 0; column < shares.rows; column++) {
    const target = values.subarray(column * size + to, (column + 1) * size);
    const source = column * beyond.columns;
    for (let row = 0; row < target.length; row++) target[row] = target[row]! - moved[source + row]!;
  }
}
