import type { CellRecord } from '../../results/schema.ts';
import { column, textCell, type DataTable } from './data-table.ts';
import { clip, formatNumber } from './format.ts';

/** How many samples of a class were predicted to be of another, darker the larger their share of the class. */
interface ConfusionCell {
  count: string;
  /** 0 for none, else 1 to 5. */
  shade: number;
  isRight: boolean;
}

/** A row for each expected class, a column for each predicted one. */
export interface ConfusionTable {
  labels: readonly string[];
  rows: readonly { label: string; cells: readonly ConfusionCell[] }[];
}

const shades = 5;

/** Null of a cell that was not measured, and of tasks and records without a matrix. */
export function confusionTable({ outcome }: CellRecord): ConfusionTable | null {
  if (outcome.status !== 'measured' || outcome.confusion === null) return null;
  const { labels, counts } = outcome.confusion;
  const names = labels.map((label) => clip(label, 40));
  const rows = counts.map((row, expected) => {
    const samples = row.reduce((sum, count) => sum + count, 0);
    const cells = row.map((count, predicted) => ({
      count: formatNumber(count, 0),
      shade: count === 0 ? 0 : Math.ceil((shades * count) / samples),
      isRight: predicted === expected,
    }));
    return { label: names[expected] ?? '', cells };
  });
  return { labels: names, rows };
}

/** How often each label of a multilabel cell was predicted and applied; null as above. */
export function labelConfusionTable({ outcome }: CellRecord): DataTable | null {
  if (outcome.status !== 'measured' || outcome.labelConfusion === null) return null;
  return {
    caption: 'Samples by label: where it applies, and where it is predicted',
    columns: [
      column('Found', 'applies, predicted'),
      column('Missed', 'applies, not predicted'),
      column('False alarm', 'does not apply, predicted'),
      column('Rightly left out', 'neither'),
    ],
    rows: outcome.labelConfusion.map(
      ({ label, truePositives, falseNegatives, falsePositives, trueNegatives }) => ({
        name: clip(label, 40),
        path: null,
        cells: [truePositives, falseNegatives, falsePositives, trueNegatives].map((count) =>
          textCell(formatNumber(count, 0)),
        ),
      }),
    ),
  };
}
