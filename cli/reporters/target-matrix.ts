import { detailOf, errorText, type Agreement, type TargetMatrix } from '../../site/views/target-matrix.ts';
import { formatTable } from './table.ts';

/** Variants down, targets across: the relative error beside the reference target, and what else differs. */
export function formatTargetMatrix({ rows, targets, reference }: TargetMatrix): string {
  const table = formatTable(
    ['variant', 'same up to', ...targets],
    rows.map(({ variant, tolerance, cells }) => [variant, String(tolerance), ...cells.map(describe)]),
  );
  const notes = rows.flatMap(({ variant, cells }) =>
    cells.flatMap((cell, index) =>
      cell.kind === 'missing' ? [`  ${variant} on ${targets[index] ?? ''}: ${cell.reason}\n`] : [],
    ),
  );
  return `${table}Relative error of outputs beside those on ${reference}.\n${notes.join('')}`;
}

function describe(agreement: Agreement): string {
  if (agreement.kind === 'reference') return 'reference';
  if (agreement.kind === 'missing') return '-';
  const { isConsistent } = agreement.consistency;
  const verdict = isConsistent === null ? '' : isConsistent ? ' same' : ' DIFFERS';
  const details = detailOf(agreement).filter((one) => one !== '0 flips');
  return `${errorText(agreement.comparison)}${verdict}${details.length === 0 ? '' : ` (${details.join(', ')})`}`;
}
