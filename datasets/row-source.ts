import type { Data } from './readers/data.ts';
import { readBlocks, type PlacedBlock, type ReadOptions } from './readers/read-rows.ts';
import { allRows, type Rows } from './rows.ts';

/** The rows of a file from the first on, those of a block at a time, as often as they are asked for. */
export type RowSource = () => AsyncIterable<Rows>;

/** Up to about so many bytes of cells are kept after the first reading: reading a file of that size anew takes longer than it saves. */
export const keptBytes = 64 * 2 ** 20;

/** Reads the file for each pass over the rows, or, where it is small, for the first one only. */
export function openRows(data: Data, options: ReadOptions, mostBytes: number): RowSource {
  let kept: readonly PlacedBlock[] | null = null;
  return async function* () {
    if (kept !== null) {
      for (const { block, before } of kept) yield allRows(block, before);
      return;
    }
    const keeper = createKeeper(mostBytes);
    for await (const placed of readBlocks(data, options)) {
      keeper.add(placed);
      yield allRows(placed.block, placed.before);
    }
    kept = keeper.blocks();
  };
}

interface Keeper {
  add: (block: PlacedBlock) => void;
  /** All that was added; null where it was too much. */
  blocks: () => readonly PlacedBlock[] | null;
}

function createKeeper(mostBytes: number): Keeper {
  let blocks: PlacedBlock[] | null = [];
  let left = mostBytes;
  return {
    add: (more) => {
      if (blocks === null) return;
      left -= more.block.sizeBytes;
      if (left < 0) blocks = null;
      else blocks.push(more);
    },
    blocks: () => blocks,
  };
}
