import { medianLogRatio } from '../../results/compare-latency.ts';
import type { ProcessPairs } from '../../results/latency-schema.ts';
import type { QualityComparison } from '../../results/quality-schema.ts';
import type { GroupRecord } from '../../results/schema.ts';
import { isDrawable, linearAxis, logAxis, type Axis } from './axis.ts';
import {
  clip,
  decimalsForDifferences,
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

/** More would hide one another. */
const maxDots = 100;

type JudgedVariant = GroupRecord['variants'][number];

/** Speed-ups of a group's variants; `withProcesses` adds a dot for each process, and the control. */
export function speedUpForest(
  group: GroupRecord,
  { withProcesses }: { withProcesses: boolean },
): Forest | null {
  const variants = group.variants.flatMap((entry) => speedUpRow(group, entry));
  const rows = withProcesses
    ? [...controlRow(group), ...variants]
    : variants.map((row) => ({ ...row, dots: [] }));
  if (rows.length === 0) return null;
  const decimals = decimalsForTimes(rows);
  const figures = rows.map(({ value, interval }) => ({
    value: formatTimes(value, decimals),
    range: interval === null ? '' : formatRange(interval, decimals),
  }));
  return {
    title: 'Speed-up (log), right is faster',
    axis: logAxis([...rows.flatMap(valuesOf), 1]),
    rows,
    reference: 1,
    limit: 1 / (1 + group.policy.maxSlowdown),
    ...inWords('Speed-up', rows, figures),
  };
}

function speedUpRow(group: GroupRecord, { variant, latency }: JudgedVariant): ForestRow[] {
  if (latency === null) return [];
  const dots = processSpeedUps(group.pairs.filter((pair) => pair.variant === variant.name));
  return drawableRow({ label: clip(variant.name, 44), mark: latency.verdict, dots, ...speedUpOf(latency) });
}

/** Pairs that belong to no variant are those of the baseline against itself. */
function controlRow({ variants, control, pairs }: GroupRecord): ForestRow[] {
  if (control === null) return [];
  const names = new Set(variants.map(({ variant }) => variant.name));
  const dots = processSpeedUps(pairs.filter((pair) => !names.has(pair.variant)));
  const label = 'control: baseline against itself';
  return drawableRow({ label, mark: control.verdict, dots, ...speedUpOf(control) });
}

function processSpeedUps(pairs: readonly ProcessPairs[]): number[] {
  return pairs
    .slice(0, maxDots)
    .map(({ baselineMs, variantMs }) =>
      Math.exp(-medianLogRatio({ baseline: baselineMs, variant: variantMs })),
    )
    .filter((value) => value > 0 && isDrawable(value));
}

/** Differences of the judged metric; null where none was judged. */
export function differenceForest({ variants }: Pick<GroupRecord, 'variants'>): Forest | null {
  const judged = variants.flatMap(({ variant, quality: [first] }) =>
    first === undefined ? [] : [{ name: variant.name, quality: first }],
  );
  const rows = judged.flatMap(({ name, quality }) => differenceRow(name, quality));
  const [first] = judged;
  if (first === undefined || rows.length === 0) return null;
  const { direction, label, unit, margin } = first.quality;
  const isHigherBetter = direction === 'higher-is-better';
  const limit = Math.min(margin, 1e9) * (isHigherBetter ? -1 : 1);
  const metric = `Difference in ${clip(label, 30)}`;
  const decimals = decimalsForDifferences(rows);
  const figures = rows.map(({ value, interval }) => ({
    value: formatSigned(value, decimals),
    range: interval === null ? '' : formatSignedRange(interval, decimals),
  }));
  return {
    title: `${metric}${unit === '' ? '' : `, ${clip(unit, 20)}`}, ${isHigherBetter ? 'right' : 'left'} is better`,
    axis: linearAxis([...rows.flatMap(valuesOf), 0, limit]),
    rows,
    reference: 0,
    limit,
    ...inWords(metric, rows, figures),
  };
}

function differenceRow(name: string, { difference, interval, verdict }: QualityComparison): ForestRow[] {
  return drawableRow({ label: clip(name, 44), mark: verdict, dots: [], value: difference, interval });
}

/** None where the estimate has no place on an axis; without its interval where that has none. */
function drawableRow(row: ForestRow): ForestRow[] {
  if (!isDrawable(row.value)) return [];
  const { interval } = row;
  const isWhole = interval !== null && isDrawable(interval.low) && isDrawable(interval.high);
  return [{ ...row, interval: isWhole ? interval : null }];
}

function valuesOf({ value, interval, dots }: ForestRow): number[] {
  return [value, ...dots, ...(interval === null ? [] : [interval.low, interval.high])];
}

/** The same figures as a sentence and as a table. */
function inWords(
  what: string,
  rows: readonly ForestRow[],
  figures: readonly { value: string; range: string }[],
): Pick<Forest, 'summary' | 'columns' | 'cells'> {
  const texts = rows.map(({ label, mark }, index) => ({ label, mark, ...(figures[index] ?? missing) }));
  return {
    summary: `${what} against the baseline: ${texts.map(({ label, value }) => `${label} ${value}`).join(', ')}.`,
    columns: ['Variant', what, 'Interval', 'Verdict'],
    cells: texts.map(({ label, value, range, mark }) => [label, value, range, mark]),
  };
}

const missing = { value: '–', range: '' };
