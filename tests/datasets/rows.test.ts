import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellBlock } from '../../datasets/row-block.ts';
import { allRows, inBatchesOfRows, type Rows } from '../../datasets/rows.ts';

/** Blocks of some rows each, of which those with an even number are kept. */
async function* evenRows(counts: readonly number[]): AsyncGenerator<Rows, void> {
  let before = 0;
  for (const count of counts) {
    const block = cellBlock(
      Array.from({ length: count }, (_, row) => [before + row + 1]),
      1,
    );
    yield await Promise.resolve(allRows(block, before).filter(({ number }) => number % 2 === 0));
    before += count;
  }
}

test('batches hold the rows in their order, whatever blocks they come in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(9)), fc.integer({ min: 1, max: 12 }), async (counts, size) => {
      const batches = await Array.fromAsync(inBatchesOfRows(evenRows(counts), size));
      const total = counts.reduce((sum, count) => sum + count, 0);
      const expected = Array.from({ length: Math.floor(total / 2) }, (_, index) => 2 * (index + 1));
      const rows = batches.flatMap((batch) => [...batch]);
      expect(rows.map(({ number }) => number)).toEqual(expected);
      expect(rows.map(({ block, index }) => block.cell(index, 0))).toEqual(expected);
      expect(batches.slice(0, -1).every(({ length }) => length === size)).toBe(true);
      expect(batches.every(({ length }) => length > 0 && length <= size)).toBe(true);
    }),
    { seed: 1 },
  );
});
