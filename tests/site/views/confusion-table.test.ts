import { expect, test } from 'vitest';
import type { CellRecord } from '../../../results/schema.ts';
import { confusionTable } from '../../../site/views/confusion-table.ts';
import { formatNumber } from '../../../site/views/format.ts';
import { makeCell, makeMetric, measuredQuality } from '../../fakes/stored-runs.ts';

function cellOf(confusion: { labels: string[]; counts: number[][] } | null): CellRecord {
  return makeCell({ outcome: { ...measuredQuality([makeMetric()]), confusion } });
}

test('a cell is as dark as its share of the class expected, and none where there is none', () => {
  const table = confusionTable(
    cellOf({
      labels: ['cat', 'dog', 'cow'],
      counts: [
        [1000, 0, 0],
        [1, 2, 7],
        [0, 0, 0],
      ],
    }),
  );
  expect(table?.labels).toEqual(['cat', 'dog', 'cow']);
  expect(table?.rows.map(({ cells }) => cells.map(({ shade }) => shade))).toEqual([
    [5, 0, 0],
    [1, 1, 4],
    [0, 0, 0],
  ]);
  expect(table?.rows[0]?.cells[0]).toMatchObject({ count: formatNumber(1000, 0), isRight: true });
  expect(table?.rows[1]?.cells[0]).toMatchObject({ count: '1', isRight: false });
});

test('there is none of a cell that has no matrix', () => {
  expect(confusionTable(cellOf(null))).toBeNull();
  const outcome = { status: 'skipped', code: 'unavailable', reason: 'no GPU' } as const;
  expect(confusionTable(makeCell({ outcome }))).toBeNull();
});
