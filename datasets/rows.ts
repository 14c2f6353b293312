import type { Row } from './row.ts';
import type { RowBlock } from './row-block.ts';

/** Rows of one block: their indices there, ascending, and how many rows of the file lie in front of the block. */
export interface RowsOfBlock {
  block: RowBlock;
  before: number;
  indices: Int32Array;
}

/** A row by its index in its block. */
export function rowAt({ block, before }: Pick<RowsOfBlock, 'block' | 'before'>, index: number): Row {
  return { number: before + index + 1, block, index };
}

/** Rows of a file in its order. One by itself is made when it is asked for: objects for all take longer than what is done with their numbers. */
export class Rows implements Iterable<Row> {
  readonly parts: readonly RowsOfBlock[];
  readonly length: number;

  constructor(parts: readonly RowsOfBlock[]) {
    this.parts = parts;
    this.length = parts.reduce((sum, { indices }) => sum + indices.length, 0);
  }

  *[Symbol.iterator](): Generator<Row, void> {
    for (const part of this.parts) for (const index of part.indices) yield rowAt(part, index);
  }

  map<Result>(use: (row: Row) => Result): Result[] {
    return Array.from(this, use);
  }

  filter(isKept: (row: Row) => boolean): Rows {
    const kept = this.parts.map((part) => ({
      ...part,
      indices: part.indices.filter((index) => isKept(rowAt(part, index))),
    }));
    return new Rows(kept);
  }
}

/** All rows of a block. */
export function allRows(block: RowBlock, before: number): Rows {
  const indices = new Int32Array(block.count);
  for (let index = 0; index < block.count; index++) indices[index] = index;
  return new Rows([{ block, before, indices }]);
}

/** Rows as they come, `size` at a time, the last ones fewer. */
export async function* inBatchesOfRows(
  source: AsyncIterable<Rows>,
  size: number,
): AsyncGenerator<Rows, void> {
  let [parts, missing]: [RowsOfBlock[], number] = [[], size];
  for await (const some of source) {
    for (const part of some.parts) {
      for (let start = 0; start < part.indices.length;) {
        const indices = part.indices.subarray(start, start + missing);
        parts.push({ ...part, indices });
        start += indices.length;
        missing -= indices.length;
        if (missing > 0) continue;
        yield new Rows(parts);
        [parts, missing] = [[], size];
      }
    }
  }
  if (parts.length > 0) yield new Rows(parts);
}
