import type { Consistency, OutputsComparison } from '../../results/consistency-schema.ts';
import { column, textCell, type DataCell, type DataTable } from './data-table.ts';
import { clip, decimalsToShow, formatCount, formatSigned } from './format.ts';
import type { GroupStanding, Standing } from './standings.ts';

/** How one variant agrees with the reference target on another one. */
export type Agreement =
  | { kind: 'reference'; toBaseline: OutputsComparison | null }
  | { kind: 'compared'; consistency: Consistency; comparison: OutputsComparison; isToItself: boolean }
  | { kind: 'missing'; reason: string; isFailed: boolean };

interface MatrixRow {
  variant: string;
  /** Null where the variant has outputs nowhere. */
  tolerance: number | null;
  precision: string | null;
  cells: readonly Agreement[];
}

/** One model on several targets: the same variants beside each other. */
export interface TargetMatrix {
  reference: string;
  targets: readonly string[];
  rows: readonly MatrixRow[];
}

/** Null where the model ran on one target only, or nothing was compared. */
export function targetMatrix(groups: readonly GroupStanding[]): TargetMatrix | null {
  const compared = groups.flatMap(({ standings }) =>
    standings.flatMap(({ consistency }) => consistency ?? []),
  );
  const [first] = compared;
  if (first === undefined || groups.length < 2) return null;
  const variants = [
    ...new Set(groups.flatMap(({ standings }) => standings.map(({ variant }) => variant.name))),
  ];
  return {
    reference: first.reference,
    targets: groups.map(({ target }) => target),
    rows: variants.map((variant) => ({ variant, ...rowOf(groups, variant) })),
  };
}

function rowOf(groups: readonly GroupStanding[], variant: string): Omit<MatrixRow, 'variant'> {
  const found = groups.map(({ standings }) => standings.find((one) => one.variant.name === variant));
  const known = found.flatMap((standing) => standing?.consistency ?? [])[0];
  return {
    tolerance: known?.tolerance ?? null,
    precision: known?.precision ?? null,
    cells: found.map((standing, index) => agreementOf(standing, groups[index]?.target ?? '')),
  };
}

function agreementOf(standing: Standing | undefined, target: string): Agreement {
  const consistency = standing?.consistency ?? null;
  if (consistency === null) return { kind: 'missing', ...whyMissing(standing) };
  const { toItself, toBaseline } = consistency;
  if (consistency.reference === target) return { kind: 'reference', toBaseline };
  const comparison = toItself ?? toBaseline;
  if (comparison === null)
    return { kind: 'missing', reason: `nothing was predicted on ${consistency.reference}`, isFailed: false };
  return { kind: 'compared', consistency, comparison, isToItself: toItself !== null };
}

function whyMissing(standing: Standing | undefined): { reason: string; isFailed: boolean } {
  const gap = standing?.gaps.quality ?? null;
  return { reason: gap?.reason ?? 'not measured here', isFailed: gap?.status === 'failed' };
}

/** `0.0001 in float32, 0.02 in int8`: up to what outputs count as the same. */
export function tolerancesText({ rows }: TargetMatrix): string {
  const told = rows.flatMap(({ precision, tolerance }) =>
    tolerance === null || precision === null ? [] : [`${tolerance} in ${precision}`],
  );
  return [...new Set(told)].join(', ');
}

/** The matrix as a table: relative error, and below it flips and the difference of the metric. */
export function targetMatrixTable(matrix: TargetMatrix): DataTable {
  const caption = `Outputs beside those of the same variant on ${clip(matrix.reference, 60)}: relative error`;
  return tableOf(matrix, caption, agreementCell);
}

/** The same of every variant beside the unmodified model; null where there is no other variant. */
export function baselineMatrixTable(matrix: TargetMatrix): DataTable | null {
  if (matrix.rows.length < 2) return null;
  const caption = `Outputs beside those of the unmodified model on ${clip(matrix.reference, 60)}: relative error`;
  return tableOf(matrix, caption, (agreement) => {
    const comparison = toBaselineOf(agreement);
    return comparison === null ? textCell('–') : { ...comparedCell(comparison), mark: null };
  });
}

function tableOf(
  { targets, rows }: TargetMatrix,
  caption: string,
  cellOf: (agreement: Agreement) => DataCell,
): DataTable {
  return {
    caption,
    columns: targets.map((target) => column(clip(target, 60))),
    rows: rows.map(({ variant, cells }) => ({
      name: clip(variant, 60),
      path: null,
      cells: cells.map(cellOf),
    })),
  };
}

/** How outputs differ from those of the unmodified model on the reference target; null where there are none. */
export function toBaselineOf(agreement: Agreement): OutputsComparison | null {
  if (agreement.kind === 'missing') return null;
  return agreement.kind === 'reference' ? agreement.toBaseline : agreement.consistency.toBaseline;
}

function comparedCell(comparison: OutputsComparison): Omit<DataCell, 'mark'> {
  return { value: errorText(comparison), range: detailOf(comparison).join(', ') };
}

function agreementCell(agreement: Agreement): DataCell {
  if (agreement.kind === 'reference') return { ...textCell('reference'), mark: 'baseline' };
  if (agreement.kind === 'missing') return textCell('–', clip(agreement.reason, 80));
  const { isConsistent } = agreement.consistency;
  const mark = isConsistent === null ? null : isConsistent ? 'pass' : 'regressed';
  const range = [...besides(agreement), ...detailOf(agreement.comparison)].join(', ');
  return { value: errorText(agreement.comparison), range, mark };
}

/** What is said where a variant has no outputs of its own on the reference target. */
export function besides({ isToItself }: Extract<Agreement, { kind: 'compared' }>): string[] {
  return isToItself ? [] : ['beside the unmodified model'];
}

/** `1.2e-7`, or `–` where outputs are no numbers. */
export function errorText({ relativeError }: OutputsComparison): string {
  return relativeError === null ? '–' : relativeError === 0 ? '0' : relativeError.toExponential(1);
}

/** What else differs, in words. */
export function detailOf({ nonFinite, flips, metricDifference }: OutputsComparison): string[] {
  return [
    ...(nonFinite === 0 ? [] : [`${nonFinite} not finite`]),
    ...(flips === null ? [] : [formatCount(flips.rightToWrong + flips.wrongToRight, 'flip')]),
    ...(metricDifference === null || metricDifference === 0
      ? []
      : [`metric ${formatSigned(metricDifference, decimalsToShow(Math.abs(metricDifference), 2))}`]),
  ];
}
