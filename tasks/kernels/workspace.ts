import { blockSize } from '../metrics/blocks.ts';
import type { Kernels } from './kernels.ts';

// A page for each thread, so that none writes where another reads; of the first, constants of the kernels take up to 1 kB.
const resultsAt = 1024;
const blocksAt = 4096;
const blockBytes = blockSize * Float64Array.BYTES_PER_ELEMENT;

/** Where kernels leave what does not fit a return value: `length` numbers. */
export function resultsOf({ buffer, workspace }: Kernels, length: number): Float64Array {
  return new Float64Array(buffer, workspace + resultsAt, length);
}

/** A block of working memory, apart from those that columns are copied to. */
export function spareBlock({ buffer, workspace }: Kernels): Float64Array {
  return new Float64Array(buffer, workspace + blocksAt + 2 * blockBytes, blockSize);
}

/** The address of rows [start, end) of a column, a block at most; until it is asked for another. */
export type Address = (start: number, end: number) => number;

/** Where a column lies, or, where that is in no memory of the kernels, where a block of it is copied to: place 0 or 1. */
export function addressOf(
  { buffer, workspace }: Kernels,
  column: Float64Array | Int32Array,
  place: 0 | 1 = 0,
): Address {
  if (column.buffer === buffer) return (start) => column.byteOffset + start * column.BYTES_PER_ELEMENT;
  const from = workspace + blocksAt + place * blockBytes;
  const copy =
    column instanceof Float64Array
      ? new Float64Array(buffer, from, blockSize)
      : new Int32Array(buffer, from, blockSize);
  return (start, end) => {
    copy.set(column.subarray(start, end));
    return copy.byteOffset;
  };
}
