import type { Confusion, LabelConfusion } from '../../results/confusion-schema.ts';
import { formatTable } from './table.ts';

/** A cell, and which classes or labels it takes for which. */
export interface Confused {
  suite: string;
  model: string;
  target: string;
  variant: string;
  confusion: Confusion | null;
  labelConfusion: LabelConfusion | null;
}

/** A table a cell: of classes, how many of each were predicted to be of each; of labels, where each applies and is predicted. */
export function formatConfusions(cells: readonly Confused[]): string {
  const tables = cells.flatMap(({ suite, model, target, variant, confusion, labelConfusion }) => {
    const title = `\n${suite}: ${model} ${variant} on ${target}, samples by`;
    return [
      ...(confusion === null ? [] : [`${title} class expected and predicted\n${ofClasses(confusion)}`]),
      ...(labelConfusion === null ? [] : [`${title} label\n${ofLabels(labelConfusion)}`]),
    ];
  });
  return tables.length === 0
    ? '\nNo task of the run has classes or labels that are counted.\n'
    : tables.join('');
}

function ofClasses({ labels, counts }: Confusion): string {
  const rows = counts.map((row, label) => [labels[label] ?? '', ...row.map(String)]);
  // Labels are rows of the table, as headings are written in capitals.
  const headings = ['expected', 'predicted', ...labels.slice(1).map(() => '')];
  return formatTable(headings, [['', ...labels], ...rows]);
}

function ofLabels(labels: LabelConfusion): string {
  const rows = labels.map(({ label, truePositives, falseNegatives, falsePositives, trueNegatives }) => [
    label,
    ...[truePositives, falseNegatives, falsePositives, trueNegatives].map(String),
  ]);
  return formatTable(['label', 'found', 'missed', 'false alarm', 'rightly left out'], rows);
}
