import type { Data } from './readers/data.ts';
import { readRows, type ReadOptions } from './readers/read-rows.ts';
import type { Row } from './row.ts';

/** The rows of a file from the first on, those of a block at a time, as often as they are asked for. */
export type RowSource = () => AsyncIterable<readonly Row[]>;

/** Up to about so many bytes of cells are kept after the first reading: reading a file of that size anew takes longer than it saves. */
export const keptBytes = 64 * 2 ** 20;

/** Reads the file for each pass over the rows, or, where it is small, for the first one only. */
export function openRows(data: Data, options: ReadOptions, mostBytes: number): RowSource {
  let kept: readonly (readonly Row[])[] | null = null;
  return async function* () {
    if (kept !== null) return yield* kept;
    const keeper = createKeeper(mostBytes);
    for await (const rows of readRows(data, options)) {
      keeper.add(rows);
      yield rows;
    }
    kept = keeper.rows();
  };
}

interface Keeper {
  add: (rows: readonly Row[]) => void;
  /** All that was added; null where it was too much. */
  rows: () => readonly (readonly Row[])[] | null;
}

function createKeeper(mostBytes: number): Keeper {
  let rows: (readonly Row[])[] | null = [];
  let left = mostBytes;
  return {
    add: (more) => {
      if (rows === null) return;
      left -= more[0]?.block.sizeBytes ?? 0;
      if (left < 0) rows = null;
      else rows.push(more);
    },
    rows: () => rows,
  };
}
