import type { Matrix } from '../onnx/kernels.ts';
import {
  partOf,
  spansOf,
  timesMatrix,
  timesTransposed,
  transposedPartOf,
  type Span,
} from './matrix-product.ts';

/** A symmetric matrix, row-major [size, size]. */
export interface SquareMatrix {
  size: number;
  data: Float64Array;
}

/** Rows solved in one go: products of those before with them are ONNX Runtime's, and loops do what is left. */
const bandRows = 64;

/** The lower factor L of L * L^T; null where the matrix is not positive definite. Reads the lower half only. */
export function choleskyFactor(matrix: SquareMatrix): SquareMatrix | null {
  const { size } = matrix;
  const factor = { size, data: new Float64Array(size * size) };
  for (const band of spansOf(size, bandRows))
    if (!factorColumns(factor, restOf(matrix, factor, band), band)) return null;
  return factor;
}

/** Of the columns of a band, from its first row on, what the columns before leave. */
function restOf({ size, data }: SquareMatrix, factor: SquareMatrix, band: Span): Matrix {
  const below = { from: band.from, to: size };
  const rest = partOf({ data, rowLength: size }, below, band);
  if (band.from === 0) return rest;
  const known = partOf({ data: factor.data, rowLength: size }, below, { from: 0, to: band.from });
  subtract(rest.data, timesTransposed(known, firstRows(known, band.to - band.from)));
  return rest;
}

function firstRows({ columns, data }: Matrix, rows: number): Matrix {
  return { rows, columns, data: data.subarray(0, rows * columns) };
}

function subtract(from: Float64Array, values: Float64Array): void {
  for (let at = 0; at < values.length; at++) from[at] = from[at]! - values[at]!;
}

/** False where the matrix is not positive definite. */
function factorColumns({ size, data }: SquareMatrix, { columns, data: rest }: Matrix, band: Span): boolean {
  for (let row = band.from; row < size; row++) {
    for (let column = band.from; column <= Math.min(row, band.to - 1); column++) {
      const starts = [row * size + band.from, column * size + band.from] as const;
      const known = rowProduct(data, starts, column - band.from);
      const left = rest[(row - band.from) * columns + column - band.from]! - known;
      if (row === column && !(left > 0)) return false;
      data[row * size + column] = row === column ? Math.sqrt(left) : left / data[column * size + column]!;
    }
  }
  return true;
}

/** Sum of products of the first `length` values of two rows. */
function rowProduct(data: Float64Array, [first, second]: readonly [number, number], length: number): number {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += data[first + index]! * data[second + index]!;
  return sum;
}

/** Solves L * L^T * x = b in place, where `right` is b, row-major [size, columns]: whole rows at a time, as they lie in memory. */
export function solveFactored(factor: SquareMatrix, right: Float64Array): void {
  const { size, data } = factor;
  const rows = { data, rowLength: size };
  const bands = spansOf(size, bandRows);
  for (const band of bands) {
    const before = { from: 0, to: band.from };
    subtractSolved(right, { size, band, solved: before, weights: () => partOf(rows, band, before) });
    for (let row = band.from; row < band.to; row++)
      eliminate({ factor, right, row }, { from: band.from, to: row, step: size });
  }
  for (const band of bands.toReversed()) {
    const after = { from: band.to, to: size };
    subtractSolved(right, { size, band, solved: after, weights: () => transposedPartOf(rows, after, band) });
    for (let row = band.to - 1; row >= band.from; row--)
      eliminate({ factor, right, row }, { from: row + 1, to: band.to, step: 1 });
  }
}

interface Solved {
  size: number;
  band: Span;
  /** Rows that are known. */
  solved: Span;
  /** Of the known rows in each of the band. */
  weights: () => Matrix;
}

function subtractSolved(right: Float64Array, { size, band, solved, weights }: Solved): void {
  if (solved.from === solved.to) return;
  const columns = right.length / size;
  const rowsAt = ({ from, to }: Span): Float64Array => right.subarray(from * columns, to * columns);
  const known = { rows: solved.to - solved.from, columns, data: rowsAt(solved) };
  subtract(rowsAt(band), timesMatrix(weights(), known));
}

interface Elimination {
  factor: SquareMatrix;
  right: Float64Array;
  row: number;
}

/** With a step of `size` the row of L is used, with a step of 1 the row of its transpose. */
function eliminate(
  { factor, right, row }: Elimination,
  { from, to, step }: { from: number; to: number; step: number },
): void {
  const { size, data } = factor;
  const columns = right.length / size;
  const target = right.subarray(row * columns, (row + 1) * columns);
  for (let other = from; other < to; other++) {
    const weight = step === 1 ? data[other * size + row]! : data[row * size + other]!;
    if (weight === 0) continue;
    const source = other * columns;
    for (let column = 0; column < columns; column++)
      target[column] = target[column]! - weight * right[source + column]!;
  }
  const pivot = data[row * size + row]!;
  for (let column = 0; column < columns; column++) target[column] = target[column]! / pivot;
}

/** The upper factor U of the inverse: matrix^-1 = U^T * U; null where the matrix is not positive definite. */
export function inverseFactor(matrix: SquareMatrix): SquareMatrix | null {
  const factor = choleskyFactor(flipped(matrix));
  if (factor === null) return null;
  return flipped({ size: matrix.size, data: inverseOfLower(factor) });
}

/** Rows and columns in the opposite order: what is lower becomes upper. */
function flipped({ size, data }: SquareMatrix): SquareMatrix {
  return { size, data: data.toReversed() };
}

function inverseOfLower(lower: SquareMatrix): Float64Array {
  const inverse = new Float64Array(lower.size * lower.size);
  invertSpan(inverse, lower, { from: 0, to: lower.size });
  return inverse;
}

/** Of [[A, 0], [B, C]] the inverse is [[A^-1, 0], [-C^-1 * B * A^-1, C^-1]]. */
function invertSpan(inverse: Float64Array, lower: SquareMatrix, { from, to }: Span): void {
  if (to - from <= bandRows) {
    invertRows(inverse, lower, { from, to });
    return;
  }
  const middle = from + bandRows * Math.ceil((to - from) / bandRows / 2);
  const [first, second] = [
    { from, to: middle },
    { from: middle, to },
  ];
  for (const half of [first, second]) invertSpan(inverse, lower, half);
  const rows = { data: inverse, rowLength: lower.size };
  const below = partOf({ data: lower.data, rowLength: lower.size }, second, first);
  const moved = timesMatrix(below, partOf(rows, first, first));
  const product = timesMatrix(partOf(rows, second, second), { ...below, data: moved });
  for (let at = 0; at < product.length; at++) {
    const row = middle + Math.floor(at / below.columns);
    inverse[row * lower.size + from + (at % below.columns)] = -product[at]!;
  }
}

function invertRows(inverse: Float64Array, { size, data }: SquareMatrix, { from, to }: Span): void {
  for (let row = from; row < to; row++) {
    const pivot = data[row * size + row]!;
    for (let other = from; other < row; other++) {
      const weight = data[row * size + other]!;
      for (let column = from; column <= other; column++) {
        inverse[row * size + column] =
          inverse[row * size + column]! - weight * inverse[other * size + column]!;
      }
    }
    for (let column = from; column < row; column++)
      inverse[row * size + column] = inverse[row * size + column]! / pivot;
    inverse[row * size + row] = 1 / pivot;
  }
}

/**
 * A copy with `share` of the mean of the diagonal added to it, so that it is positive definite where data are few;
 * a feature that is always zero gets the mean itself.
 */
export function dampened({ size, data }: SquareMatrix, share: number): SquareMatrix {
  const copy = data.slice();
  let trace = 0;
  for (let index = 0; index < size; index++) trace += data[index * size + index]!;
  const mean = trace > 0 ? trace / size : 1;
  for (let index = 0; index < size; index++) {
    const at = index * size + index;
    copy[at] = data[at] === 0 ? mean : data[at]! + share * mean;
  }
  return { size, data: copy };
}
