import { multiplyRows } from '../onnx/kernels.ts';

/** Sums left^T * right over rows that come a few at a time: row-major [left width, right width]. */
export interface RowPool {
  readonly sum: Float64Array;
  /** As many rows of both, row-major; they are kept until there are enough. */
  add(left: Float32Array, right: Float32Array): void;
  /** Adds what still waits. */
  finish(): void;
}

/** Rows multiplied at once: the product of one alone has as many numbers as that of all of them. */
const enoughRows = 128;

/** Nothing yet, of rows that are so long. */
export function startPool(leftWidth: number, rightWidth: number): RowPool {
  const sum = new Float64Array(leftWidth * rightWidth);
  let waiting: { left: Float32Array; right: Float32Array }[] = [];
  let rows = 0;
  const finish = (): void => {
    if (rows === 0) return;
    const left = joined(waiting.map((part) => part.left));
    const right = joined(waiting.map((part) => part.right));
    const product = multiplyRows(
      { rows, columns: leftWidth, data: left },
      { rows, columns: rightWidth, data: right },
    );
    for (let at = 0; at < sum.length; at++) sum[at] = sum[at]! + product[at]!;
    [waiting, rows] = [[], 0];
  };
  return {
    sum,
    add: (left, right) => {
      waiting.push({ left, right });
      rows += left.length / leftWidth;
      if (rows >= enoughRows) finish();
    },
    finish,
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array()] = parts;
  if (parts.length === 1) return first;
  const values = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    values.set(part, end);
    end += part.length;
  }
  return values;
}
