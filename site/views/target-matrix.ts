import type { Consistency, OutputsComparison } from '../../results/consistency-schema.ts';
import { column, textCell, type DataCell, type DataTable } from './data-table.ts';
import { clip, formatCount, formatSignificant } from './format.ts';
import type { GroupStanding, Standing } from './standings.ts';

/** How one variant agrees with the reference target on another one. */
export type Agreement =
  | { kind: 'reference' }
  | { kind: 'compared'; consistency: Consistency; comparison: OutputsComparison; isToItself: boolean }
  | { kind: 'missing'; reason: string };

/** One model on several targets: the same variants beside each other. */
export interface TargetMatrix {
  reference: string;
  targets: readonly string[];
  rows: readonly { variant: string; tolerance: number; precision: string; cells: readonly Agreement[] }[];
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

function rowOf(
  groups: readonly GroupStanding[],
  variant: string,
): Omit<TargetMatrix['rows'][number], 'variant'> {
  const found = groups.map(({ standings }) => standings.find((one) => one.variant.name === variant));
  const known = found.flatMap((standing) => standing?.consistency ?? [])[0];
  return {
    tolerance: known?.tolerance ?? 0,
    precision: known?.precision ?? '',
    cells: found.map((standing, index) => agreementOf(standing, groups[index]?.target ?? '')),
  };
}

function agreementOf(standing: Standing | undefined, target: string): Agreement {
  const consistency = standing?.consistency ?? null;
  if (consistency === null) return { kind: 'missing', reason: whyMissing(standing) };
  if (consistency.reference === target) return { kind: 'reference' };
  const { toItself, toBaseline } = consistency;
  const comparison = toItself ?? toBaseline;
  if (comparison === null)
    return { kind: 'missing', reason: `nothing was predicted on ${consistency.reference}` };
  return { kind: 'compared', consistency, comparison, isToItself: toItself !== null };
}

function whyMissing(standing: Standing | undefined): string {
  return standing?.gaps.quality?.reason ?? 'not measured here';
}

/** The matrix as a table: relative error, and below it flips and the difference of the metric. */
export function targetMatrixTable(matrix: TargetMatrix | null): DataTable | null {
  if (matrix === null) return null;
  return {
    caption: `Outputs beside those of the same variant on ${clip(matrix.reference, 60)}: relative error`,
    columns: matrix.targets.map((target) => column(clip(target, 60))),
    rows: matrix.rows.map(({ variant, cells }) => ({
      name: clip(variant, 60),
      path: null,
      cells: cells.map(agreementCell),
    })),
  };
}

function agreementCell(agreement: Agreement): DataCell {
  if (agreement.kind === 'reference') return { ...textCell('reference'), mark: 'baseline' };
  if (agreement.kind === 'missing') return textCell('–', clip(agreement.reason, 80));
  const { isConsistent } = agreement.consistency;
  const mark = isConsistent === null ? null : isConsistent ? 'pass' : 'regressed';
  return { value: errorText(agreement.comparison), range: detailOf(agreement).join(', '), mark };
}

/** `1.2e-7`, or `–` where outputs are no numbers. */
export function errorText({ relativeError }: OutputsComparison): string {
  return relativeError === null ? '–' : relativeError === 0 ? '0' : relativeError.toExponential(1);
}

/** What else differs, in words. */
export function detailOf({
  comparison: { flips, metricDifference },
  isToItself,
}: Extract<Agreement, { kind: 'compared' }>): string[] {
  return [
    ...(isToItself ? [] : ['beside the unmodified model']),
    ...(flips === null ? [] : [formatCount(flips.rightToWrong + flips.wrongToRight, 'flip')]),
    ...(metricDifference === null || metricDifference === 0
      ? []
      : [`metric ${metricDifference < 0 ? '−' : '+'}${formatSignificant(Math.abs(metricDifference), 2)}`]),
  ];
}
