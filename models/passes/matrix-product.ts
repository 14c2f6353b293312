import { multiplyMatrices, type Matrix, type RightOperand } from '../onnx/kernels.ts';

/** Multiplications from which a call of ONNX Runtime takes less time than a loop. */
const leastForKernel = 2 ** 15;

/** Left [rows][inner] times right [inner][columns]: row-major [rows][columns]. */
export function timesMatrix(left: Matrix, right: Matrix): Float64Array {
  return multiplied(left, right, 'as-it-is');
}

/** Left [rows][inner] times the transpose of right [columns][inner]: row-major [rows][columns]. */
export function timesTransposed(left: Matrix, right: Matrix): Float64Array {
  return multiplied(left, right, 'transposed');
}

function multiplied(left: Matrix, right: Matrix, operand: RightOperand): Float64Array {
  const columns = operand === 'transposed' ? right.rows : right.columns;
  const work = left.rows * left.columns * columns;
  if (work >= leastForKernel) return multiplyMatrices(left, right, operand);
  const product = new Float64Array(left.rows * columns);
  const [perInner, perColumn] = operand === 'transposed' ? [1, right.columns] : [right.columns, 1];
  for (let at = 0; at < product.length; at++) {
    const [start, column] = [Math.floor(at / columns) * left.columns, (at % columns) * perColumn];
    let sum = 0;
    for (let inner = 0; inner < left.columns; inner++)
      sum += left.data[start + inner]! * right.data[column + inner * perInner]!;
    product[at] = sum;
  }
  return product;
}

/** From a place up to another, which is not in it. */
export interface Span {
  from: number;
  to: number;
}

/** Places up to `size`, so many at a time. */
export function spansOf(size: number, length: number): Span[] {
  return Array.from({ length: Math.ceil(size / length) }, (_, at) => ({
    from: at * length,
    to: Math.min(size, (at + 1) * length),
  }));
}

/** A matrix whose rows may be longer than what is looked at. */
export interface Rows {
  data: Float64Array;
  rowLength: number;
}

/** A copy of a part: operands lie in one piece. */
export function partOf({ data, rowLength }: Rows, rows: Span, columns: Span): Matrix {
  const [height, width] = [rows.to - rows.from, columns.to - columns.from];
  const part = new Float64Array(height * width);
  for (let row = 0; row < height; row++) {
    const start = (rows.from + row) * rowLength + columns.from;
    part.set(data.subarray(start, start + width), row * width);
  }
  return { rows: height, columns: width, data: part };
}

/** Rows and columns of a tile: both sides of it stay in a processor's cache. */
const tile = 32;

/** A copy of a part, rows and columns exchanged. */
export function transposedPartOf(of: Rows, rows: Span, columns: Span): Matrix {
  const [height, width] = [columns.to - columns.from, rows.to - rows.from];
  const part = new Float64Array(height * width);
  for (const { from, to } of spansOf(height, tile)) {
    for (const across of spansOf(width, tile)) {
      for (let row = from; row < to; row++) {
        const start = rows.from * of.rowLength + columns.from + row;
        for (let at = across.from; at < across.to; at++)
          part[row * width + at] = of.data[start + at * of.rowLength]!;
      }
    }
  }
  return { rows: height, columns: width, data: part };
}
