import type { Direction } from '../../core/verdict.ts';
import type { LatencyProfile } from '../../results/latency-schema.ts';
import type { MetricValue } from '../../results/quality-schema.ts';
import { figureText } from './comparison-table.ts';
import { column, textCell, type Column, type DataCell, type DataTable } from './data-table.ts';
import {
  clip,
  decimalsFor,
  formatNumber,
  formatRange,
  formatSignificant,
  timeScale,
  type Estimate,
  type TimeScale,
} from './format.ts';
import { paths } from './paths.ts';
import type { Gap, GroupStanding, Standing } from './standings.ts';

/** `↑ higher is better`. */
export function directionHint(direction: Direction): string {
  return direction === 'higher-is-better' ? '↑ higher is better' : '↓ lower is better';
}

/** Every metric of every variant of a group; null where no cell of it was measured. */
export function metricsTable(group: GroupStanding): DataTable | null {
  const metrics = distinctMetrics(group.standings.map((standing) => standing.metrics));
  if (metrics.length === 0) return null;
  const decimals = metrics.map((metric) =>
    decimalsFor(estimatesOf(group, (standing) => standing.metrics, metric.id)),
  );
  return {
    caption: `Quality on ${clip(group.target, 60)}`,
    columns: metrics.map(metricColumn),
    rows: group.standings.map((standing) => ({
      ...rowName(standing),
      cells: metrics.map(({ id }, index) =>
        metricCell(standing, { id, index, decimals: decimals[index] ?? 3 }),
      ),
    })),
  };
}

/** The metrics of several cells, each once, in the order of the first cell that has them. */
function distinctMetrics(lists: readonly (readonly MetricValue[])[]): MetricValue[] {
  return [...new Map(lists.flat().map((metric) => [metric.id, metric])).values()];
}

/** One metric of every variant, out of those of a kind. */
function estimatesOf(
  { standings }: GroupStanding,
  metricsOf: (standing: Standing) => readonly MetricValue[],
  id: string,
): Estimate[] {
  return standings
    .flatMap((standing) => metricsOf(standing).filter((metric) => metric.id === id))
    .flatMap(({ value, interval }) => (value === null ? [] : [{ value, interval }]));
}

export function metricColumn({ label, unit, direction }: MetricValue): Column {
  const hint = [unit === '' ? [] : [clip(unit, 20)], [directionHint(direction)]].flat().join(', ');
  return column(clip(label, 60), hint);
}

function rowName({ variant, cell }: Standing): { name: string; path: string | null } {
  return { name: clip(variant.name, 60), path: cell === null ? null : paths.record(cell.record) };
}

/** A reason that holds for the whole row stands in its first cell alone. */
function metricCell(
  { metrics, gaps }: Standing,
  column: { id: string; index: number; decimals: number },
): DataCell {
  const metric = metrics.find(({ id }) => id === column.id);
  if (metric !== undefined) return { ...figureText(metric, column.decimals), mark: null };
  return gaps.quality !== null && column.index > 0 ? textCell('–') : gapCell(gaps.quality);
}

function gapCell(gap: Gap | null): DataCell {
  return textCell('–', gap === null ? 'not part of this record' : `${gap.status}: ${clip(gap.reason, 80)}`);
}

/** Latency and what follows from it for every variant of a group; null where nothing was timed. */
export function latencyTable(group: GroupStanding): DataTable | null {
  const profiles = group.standings.flatMap(({ profile }) => (profile === null ? [] : [profile]));
  const [first] = profiles;
  if (first === undefined) return null;
  const scale = timeScale(profiles.map(({ p50Ms }) => p50Ms));
  const derived = distinctMetrics(group.standings.map(({ timedMetrics }) => timedMetrics));
  const decimals = derived.map(({ id }) =>
    decimalsFor(estimatesOf(group, ({ timedMetrics }) => timedMetrics, id)),
  );
  const times = ['Median', 'Mean', '90th percentile', '99th percentile', 'First call', 'Load'];
  return {
    caption: `Latency of one call on ${clip(group.target, 60)}, batch size ${first.batchSize}`,
    columns: [
      ...times.map((name) => column(name, `${scale.unit}, ↓ lower is better`)),
      ...derived.map(metricColumn),
    ],
    rows: group.standings.map((standing) => ({
      ...rowName(standing),
      cells: [
        ...timeCells(standing, scale),
        ...derived.map(({ id }, index) => timedMetricCell(standing, id, decimals[index] ?? 3)),
      ],
    })),
  };
}

function timeCells({ profile, footprint, gaps }: Standing, scale: TimeScale): DataCell[] {
  if (profile === null) return [gapCell(gaps.timing), ...Array.from({ length: 5 }, () => textCell('–'))];
  const time = (timeMs: number): DataCell => textCell(formatSignificant(timeMs * scale.perMs));
  const apart = (timeMs: number | undefined): DataCell =>
    timeMs === undefined ? textCell('–', 'not measured') : time(timeMs);
  return [
    medianCell(profile, profile.p50Ms, scale),
    time(profile.meanMs),
    percentileCell(profile, 0.9, scale),
    percentileCell(profile, 0.99, scale),
    apart(footprint?.firstCallMs),
    apart(footprint?.loadMs),
  ];
}

function percentileCell(
  { percentiles }: LatencyProfile,
  probability: number,
  { perMs }: TimeScale,
): DataCell {
  const found = percentiles.find((percentile) => percentile.probability === probability);
  if (found?.ms == null) return textCell('–', found?.reason ?? 'not measured');
  return textCell(formatSignificant(found.ms * perMs));
}

function medianCell({ p50Interval }: LatencyProfile, p50Ms: number, { perMs }: TimeScale): DataCell {
  const scaled =
    p50Interval === null ? null : { low: p50Interval.low * perMs, high: p50Interval.high * perMs };
  const decimals = decimalsFor([{ value: p50Ms * perMs, interval: scaled }]);
  return textCell(
    formatNumber(p50Ms * perMs, decimals),
    scaled === null ? null : formatRange(scaled, decimals),
  );
}

function timedMetricCell({ timedMetrics }: Standing, id: string, decimals: number): DataCell {
  const metric = timedMetrics.find((candidate) => candidate.id === id);
  if (metric === undefined) return textCell('–');
  return { ...figureText(metric, decimals), mark: null };
}
