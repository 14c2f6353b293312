import type { Direction } from '../../core/verdict.ts';
import type { MetricValue } from '../../results/quality-schema.ts';
import { adviceName } from './advice-table.ts';
import { apartLatencies } from './apart-latencies.ts';
import {
  clip,
  decimalsForTimes,
  decimalsToShow,
  formatBytes,
  formatNumber,
  formatRange,
  formatSigned,
  formatSignedRange,
  formatTimes,
  timeScale,
  type TimeScale,
} from './format.ts';
import type { Mark } from './marks.ts';
import { paths } from './paths.ts';
import { qualityDecimals } from './quality-decimals.ts';
import type { Gap, GroupStanding, Standing } from './standings.ts';

/** A figure as it is written: its value and, smaller, its interval. */
export interface FigureText {
  value: string;
  range: string | null;
}

/** One variant on one target. What was not measured is null; `gap` then says why. */
export interface ComparisonRow {
  variant: string;
  isBaseline: boolean;
  /** What was advised about it, in words. */
  advice: readonly string[];
  path: string | null;
  quality: FigureText | null;
  difference: (FigureText & { mark: Mark }) | null;
  latency: string | null;
  speedUp: (FigureText & { mark: Mark }) | null;
  size: string | null;
  sizeRatio: string | null;
  gaps: { quality: Gap | null; timing: Gap | null };
}

/** The rows of one target, baseline first. */
export interface TargetRows {
  target: string;
  /** The group's record; null where only its cells are stored. */
  path: string | null;
  notes: readonly string[];
  /** Why nothing was measured, where that holds for all variants alike; they are then one row. */
  gap: Gap | null;
  rows: readonly ComparisonRow[];
}

/** One model of a suite: every variant on every target. */
export interface ComparisonTable {
  metric: string;
  unit: string;
  direction: Direction | null;
  timeUnit: string;
  targets: readonly TargetRows[];
}

/** How the columns are written: the same decimals all the way down. */
interface Columns {
  quality: number;
  difference: number;
  speedUp: number;
  time: TimeScale & { decimals: number };
}

export function comparisonTable(groups: readonly GroupStanding[]): ComparisonTable {
  const standings = groups.flatMap((group) => group.standings);
  const primary = standings.find((standing) => standing.primary !== null)?.primary ?? null;
  const columns = columnsOf(standings);
  return {
    metric: primary === null ? 'Quality' : clip(primary.label, 40),
    unit: clip(primary?.unit ?? '', 20),
    direction: primary?.direction ?? null,
    timeUnit: columns.time.unit,
    targets: groups.map((group) => targetRows(group, columns)),
  };
}

function columnsOf(standings: readonly Standing[]): Columns {
  const { value, difference } = qualityDecimals(standings);
  const timesMs = standings.flatMap(({ profile }) => (profile === null ? [] : [profile.p50Ms]));
  return {
    ...{ quality: value, difference },
    speedUp: decimalsForTimes(standings.flatMap(({ speedUp }) => (speedUp === null ? [] : [speedUp]))),
    time: timeColumn(timesMs),
  };
}

/** Three significant digits of the shortest time. */
function timeColumn(timesMs: readonly number[]): Columns['time'] {
  const scale = timeScale(timesMs);
  const shortest = timesMs.length === 0 ? 1 : Math.min(...timesMs) * scale.perMs;
  return { ...scale, decimals: decimalsToShow(shortest, 3) };
}

function targetRows(group: GroupStanding, columns: Columns): TargetRows {
  const record = group.chosen.group?.record;
  return {
    target: clip(group.target, 60),
    path: record === undefined ? null : paths.record(record),
    notes: notesOf(group),
    gap: group.gap,
    rows: group.standings.map((standing) => comparisonRow(standing, columns)),
  };
}

function notesOf({ isTrusted, warnings, standings }: GroupStanding): string[] {
  const others = warnings
    .filter(({ code }) => code !== 'control-failed')
    .map(({ code }) => code.replace('-', ' '));
  const apart = apartLatencies(standings);
  return [
    ...(isTrusted ? [] : ['control failed: timings not to be relied on']),
    ...new Set(others),
    ...(apart.length === 0 ? [] : [`latency sampled at another load: ${clip(apart.join(', '), 120)}`]),
  ];
}

function comparisonRow(standing: Standing, columns: Columns): ComparisonRow {
  const { variant, cell, primary, profile, gaps } = standing;
  return {
    variant: clip(variant.name, 60),
    isBaseline: variant.isBaseline,
    advice: standing.advice.map(({ code }) => adviceName(code)),
    path: cell === null ? null : paths.record(cell.record),
    quality: primary === null ? null : figureText(primary, columns.quality),
    difference: differenceText(standing, columns),
    latency:
      profile === null ? null : formatNumber(profile.p50Ms * columns.time.perMs, columns.time.decimals),
    speedUp: speedUpText(standing, columns),
    size: variant.sizeBytes === null ? null : formatBytes(variant.sizeBytes),
    sizeRatio: standing.sizeRatio === null ? null : formatTimes(standing.sizeRatio),
    gaps: { quality: gaps.quality, timing: gaps.timing },
  };
}

/** A metric without its unit; a value that is missing is written as the reason. */
export function figureText({ value, interval, reason }: MetricValue, decimals: number): FigureText {
  if (value === null) return { value: '–', range: clip(reason ?? 'no reason was given') };
  return {
    value: formatNumber(value, decimals),
    range: interval === null ? null : formatRange(interval, decimals),
  };
}

function differenceText({ quality }: Standing, columns: Columns): ComparisonRow['difference'] {
  if (quality === null) return null;
  const { difference, interval, verdict } = quality;
  const range = interval === null ? null : formatSignedRange(interval, columns.difference);
  return { value: formatSigned(difference, columns.difference), range, mark: verdict };
}

function speedUpText({ latency, speedUp }: Standing, columns: Columns): ComparisonRow['speedUp'] {
  if (latency === null || speedUp === null) return null;
  const range = speedUp.interval === null ? null : formatRange(speedUp.interval, columns.speedUp);
  return { value: formatTimes(speedUp.value, columns.speedUp), range, mark: latency.verdict };
}
