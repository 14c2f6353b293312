import { medianLogRatio } from '../../results/compare-latency.ts';
import type { GroupRecord, LatencyComparison, QualityComparison } from '../../results/schema.ts';
import { linearAxis, logAxis, type Axis } from './axis.ts';
import {
  clip,
  decimalsFor,
  decimalsForTimes,
  formatRange,
  formatSigned,
  formatSignedRange,
  formatTimes,
  type Estimate,
} from './format.ts';
import type { Mark } from './marks.ts';
import { speedUpOf } from './standings.ts';

/** One estimate with its interval, and the single processes behind it where they are known. */
export interface ForestRow extends Estimate {
  label: string;
  mark: Mark;
  dots: readonly number[];
}

/** Estimates under one another on one axis, with the lines that decide the verdict. */
export interface Forest {
  title: string;
  axis: Axis;
  rows: readonly ForestRow[];
  /** No difference. */
  reference: number;
  /** The most that may be lost. */
  limit: number;
  summary: string;
  columns: readonly string[];
  cells: readonly (readonly string[])[];
}

type JudgedVariant = GroupRecord['variants'][number];

/** Speed-ups of a group's variants; `withProcesses` adds a dot for each process, and the control. */
export function speedUpForest(
  group: GroupRecord,
  { withProcesses }: { withProcesses: boolean },
): Forest | null {
  const baseline = group.variants.find(({ variant }) => variant.isBaseline)?.variant.name ?? '';
  const control = {
    name: baseline,
    label: `${clip(baseline, 30)} against itself (control)`,
    latency: group.control,
  };
  const judged = group.variants.map(({ variant, latency }) => ({
    name: variant.name,
    label: variant.name,
    latency,
  }));
  const rows = [...(withProcesses ? [control] : []), ...judged].flatMap(({ name, label, latency }) =>
    latency === null ? [] : [speedUpRow(label, latency, withProcesses ? processSpeedUps(group, name) : [])],
  );
  if (rows.length === 0) return null;
  const decimals = decimalsForTimes(rows);
  return {
    title: 'Speed-up (log), right is faster',
    axis: logAxis([...rows.flatMap(valuesOf).filter((value) => value > 0), 1]),
    rows,
    reference: 1,
    limit: 1 / (1 + group.policy.maxSlowdown),
    summary: `Speed-up over the baseline: ${rows.map((row) => `${row.label} ${formatTimes(row.value, decimals)}`).join(', ')}.`,
    columns: ['Variant', 'Speed-up', 'Interval', 'Verdict'],
    cells: rows.map((row) => [
      row.label,
      formatTimes(row.value, decimals),
      row.interval === null ? '' : formatRange(row.interval, decimals),
      row.mark,
    ]),
  };
}

function speedUpRow(label: string, latency: LatencyComparison, dots: readonly number[]): ForestRow {
  return { label: clip(label, 44), mark: latency.verdict, dots, ...speedUpOf(latency) };
}

function processSpeedUps({ pairs }: GroupRecord, variant: string): number[] {
  return pairs
    .filter((pair) => pair.variant === variant)
    .map(({ baselineMs, variantMs }) =>
      Math.exp(-medianLogRatio({ baseline: baselineMs, variant: variantMs })),
    )
    .filter((value) => Number.isFinite(value) && value > 0);
}

/** Differences of the judged metric; null where none was judged. */
export function differenceForest({ variants }: Pick<GroupRecord, 'variants'>): Forest | null {
  const judged = variants.flatMap((entry) => differenceOf(entry));
  const [first] = judged;
  if (first === undefined) return null;
  const rows = judged.map(({ name, quality }) => differenceRow(name, quality));
  const { direction, label, unit, margin } = first.quality;
  const side = direction === 'higher-is-better' ? 'right is better' : 'left is better';
  const limit = direction === 'higher-is-better' ? -margin : margin;
  const decimals = decimalsFor(rows);
  return {
    title: `Difference in ${clip(label, 30)}${unit === '' ? '' : `, ${clip(unit, 20)}`}, ${side}`,
    axis: linearAxis([...rows.flatMap(valuesOf), 0, limit]),
    rows,
    reference: 0,
    limit,
    summary: `Difference in ${clip(label, 40)} to the baseline: ${rows.map((row) => `${row.label} ${formatSigned(row.value, decimals)}`).join(', ')}.`,
    columns: ['Variant', 'Difference', 'Interval', 'Verdict'],
    cells: rows.map((row) => [
      row.label,
      formatSigned(row.value, decimals),
      row.interval === null ? '' : formatSignedRange(row.interval, decimals),
      row.mark,
    ]),
  };
}

function differenceOf({ variant, quality }: JudgedVariant): { name: string; quality: QualityComparison }[] {
  const [judged] = quality;
  return judged === undefined ? [] : [{ name: variant.name, quality: judged }];
}

function differenceRow(name: string, { difference, interval, verdict }: QualityComparison): ForestRow {
  return { label: clip(name, 44), mark: verdict, dots: [], value: difference, interval };
}

function valuesOf({ value, interval, dots }: ForestRow): number[] {
  return [value, ...dots, ...(interval === null ? [] : [interval.low, interval.high])];
}
