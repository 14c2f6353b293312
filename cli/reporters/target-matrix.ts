import type { OutputsComparison } from '../../results/consistency-schema.ts';
import {
  besides,
  detailOf,
  errorText,
  toBaselineOf,
  type Agreement,
  type TargetMatrix,
} from '../../site/views/target-matrix.ts';
import { mostVariants, nameSome } from './joined-lines.ts';
import { formatTable } from './table.ts';

/**
 * Variants down, targets across: the relative error beside the same variant on the reference target and beside the unmodified model
 * there, and what else differs.
 */
export function formatTargetMatrix({ rows, targets, reference }: TargetMatrix): string {
  const table = formatTable(
    ['variant', 'same up to', ...targets],
    rows.map(({ variant, tolerance, cells }) => [variant, String(tolerance ?? '-'), ...cells.map(describe)]),
  );
  const itself = `${table}Relative error of outputs beside those of the same variant on ${reference}.\n${missingNotes({ rows, targets })}`;
  if (rows.length < 2) return itself;
  const beside = formatTable(
    ['variant', ...targets],
    rows.map(({ variant, cells }) => [
      variant,
      ...cells.map((cell) => describeComparison(toBaselineOf(cell))),
    ]),
  );
  return `${itself}\n${beside}Relative error of outputs beside those of the unmodified model on ${reference}.\n`;
}

/** Why there is nothing to compare: a reason of several variants of a target once. */
function missingNotes({ rows, targets }: Pick<TargetMatrix, 'rows' | 'targets'>): string {
  const missing = rows.flatMap(({ variant, cells }) =>
    cells.flatMap((cell, index) =>
      cell.kind === 'missing' ? [{ variant, why: `on ${targets[index] ?? ''}: ${cell.reason}` }] : [],
    ),
  );
  const lines = [...Map.groupBy(missing, ({ why }) => why)].map(([why, alike]) => {
    const variants = alike.map(({ variant }) => variant);
    return `  ${nameSome(variants, mostVariants)} ${why}\n`;
  });
  return lines.join('');
}

function describe(agreement: Agreement): string {
  if (agreement.kind === 'reference') return 'reference';
  if (agreement.kind === 'missing') return '-';
  const { isConsistent } = agreement.consistency;
  const verdict = isConsistent === null ? '' : isConsistent ? ' same' : ' DIFFERS';
  return `${errorText(agreement.comparison)}${verdict}${inBrackets([...besides(agreement), ...detailOf(agreement.comparison)])}`;
}

function describeComparison(comparison: OutputsComparison | null): string {
  return comparison === null ? '-' : `${errorText(comparison)}${inBrackets(detailOf(comparison))}`;
}

function inBrackets(details: readonly string[]): string {
  const told = details.filter((one) => one !== '0 flips');
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
}
