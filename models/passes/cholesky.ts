/** A symmetric matrix, row-major [size, size]. */
export interface SquareMatrix {
  size: number;
  data: Float64Array;
}

/** The lower factor L of L * L^T; null where the matrix is not positive definite. Reads the lower half only. */
export function choleskyFactor({ size, data }: SquareMatrix): SquareMatrix | null {
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const rest = data[row * size + column]! - rowProduct(factor, [row * size, column * size], column);
      if (row === column && !(rest > 0)) return null;
      factor[row * size + column] = row === column ? Math.sqrt(rest) : rest / factor[column * size + column]!;
    }
  }
  return { size, data: factor };
}

/** Sum of products of the first `length` values of two rows. */
function rowProduct(data: Float64Array, [first, second]: readonly [number, number], length: number): number {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += data[first + index]! * data[second + index]!;
  return sum;
}

/** Solves L * L^T * x = b in place, where `right` is b, row-major [size, columns]: whole rows at a time, as they lie in memory. */
export function solveFactored(factor: SquareMatrix, right: Float64Array): void {
  const { size } = factor;
  for (let row = 0; row < size; row++) eliminate({ factor, right, row }, { from: 0, to: row, step: size });
  for (let row = size - 1; row >= 0; row--) {
    eliminate({ factor, right, row }, { from: row + 1, to: size, step: 1 });
  }
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

function inverseOfLower({ size, data }: SquareMatrix): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    const pivot = data[row * size + row]!;
    for (let other = 0; other < row; other++) {
      const weight = data[row * size + other]!;
      for (let column = 0; column <= other; column++) {
        inverse[row * size + column] =
          inverse[row * size + column]! - weight * inverse[other * size + column]!;
      }
    }
    for (let column = 0; column < row; column++)
      inverse[row * size + column] = inverse[row * size + column]! / pivot;
    inverse[row * size + row] = 1 / pivot;
  }
  return inverse;
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
