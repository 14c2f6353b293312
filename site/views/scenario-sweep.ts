import type { Interval } from '../../core/verdict.ts';
import type { ScenarioRecord } from '../../results/schema.ts';
import type { ScenarioResult, ServerAttempt } from '../../results/scenario-schema.ts';
import { fromPixels, isDrawable, logAxis, toPixels, type Axis } from './axis.ts';
import { clip, formatSignificant } from './format.ts';
import { placeLabels, type Placement } from './place-labels.ts';
import type { PlotSize } from './trade-off.ts';

type Bounds = Pick<Interval, 'low' | 'high'>;

export interface SweepPoint {
  x: number;
  y: number;
  /** Of y. */
  interval: Bounds | null;
  /** False for a rate that did not meet its bound. */
  isMet: boolean;
}

/** One variant over the settings of a sweep, ascending. */
export interface SweepSeries {
  name: string;
  points: readonly SweepPoint[];
  /** Where its label's anchor lies, in the units of the axes. */
  label: { x: number; y: number; align: Placement['align'] };
}

/** Everything the chart of one sweep shows. */
export interface Sweep {
  xTitle: string;
  yTitle: string;
  xAxis: Axis;
  yAxis: Axis;
  series: readonly SweepSeries[];
  /** A line at this y; null for none. */
  limit: number | null;
  summary: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

type Texts = Pick<Sweep, 'xTitle' | 'yTitle'> & { x: string; y: string };

const texts = {
  offline: {
    xTitle: 'Batch size (log)',
    yTitle: 'Samples a second (log), higher is better',
    x: 'Batch size',
    y: 'Samples a second',
  },
  server: {
    xTitle: 'Queries a second (log)',
    yTitle: 'Tail latency, ms (log), lower is better',
    x: 'Queries a second',
    y: 'Latency in ms, at most',
  },
  'thread-sweep': {
    xTitle: 'Intra-op threads (log)',
    yTitle: 'Speed-up over one thread (log)',
    x: 'Threads',
    y: 'Speed-up',
  },
} as const satisfies Record<string, Texts>;

/** The chart of all variants under one kind of load; null where that is no sweep, or nothing can be drawn. */
export function scenarioSweep(records: readonly ScenarioRecord[], size: PlotSize): Sweep | null {
  const measured = records.flatMap(({ variant, outcome }) => {
    if (outcome.status !== 'measured') return [];
    const points = pointsOf(outcome.result).filter(({ x, y }) => isDrawable(x) && isDrawable(y));
    return points.length === 0 ? [] : [{ name: clip(variant.name, 32), points, result: outcome.result }];
  });
  const kind = measured[0]?.result.scenario;
  if (kind !== 'offline' && kind !== 'server' && kind !== 'thread-sweep') return null;
  const limit = sharedBound(measured.map(({ result }) => result));
  const { x, y, ...titles } = texts[kind];
  const axes = axesOf(
    measured.flatMap(({ points }) => points),
    limit,
  );
  return {
    ...titles,
    ...axes,
    series: withLabels(measured, axes, size),
    limit,
    summary: `${y} over ${x.toLowerCase()} for ${measured.map(({ name }) => name).join(', ')}.`,
    columns: ['Variant', x, y, 'Interval', ...(kind === 'server' ? ['Bound met'] : [])],
    rows: measured.flatMap(({ name, points }) =>
      points.map((point) => rowOf(name, point, kind === 'server')),
    ),
  };
}

function pointsOf(result: ScenarioResult): SweepPoint[] {
  switch (result.scenario) {
    case 'offline':
      return result.points.map(({ batchSize, samplesPerSecond, interval }) => ({
        x: batchSize,
        y: samplesPerSecond,
        interval,
        isMet: true,
      }));
    case 'thread-sweep':
      return result.points.map(({ threads, speedUp, speedUpInterval }) => ({
        x: threads,
        y: speedUp,
        interval: speedUpInterval,
        isMet: true,
      }));
    case 'server':
      return result.attempts.flatMap(attemptPoint).sort((a, b) => a.x - b.x);
    case 'single-stream':
    case 'multi-stream':
      return [];
  }
}

/** None for an attempt without a tail: it was overloaded, or too short. */
function attemptPoint({ queriesPerSecond, earlyStopping, isMet }: ServerAttempt): SweepPoint[] {
  if (earlyStopping.atMostMs === null) return [];
  return [{ x: queriesPerSecond, y: earlyStopping.atMostMs, interval: null, isMet }];
}

/** The latency bound of all results; null where they have none, or several. */
function sharedBound(results: readonly ScenarioResult[]): number | null {
  const bounds = new Set(
    results.map((result) => (result.scenario === 'server' ? result.latencyBoundMs : null)),
  );
  const [only = null] = bounds;
  return bounds.size === 1 ? only : null;
}

type Axes = Pick<Sweep, 'xAxis' | 'yAxis'>;

function axesOf(points: readonly SweepPoint[], limit: number | null): Axes {
  const ys = points.flatMap(({ y, interval }) => [y, ...boundsOf(interval)]);
  return {
    xAxis: logAxis(points.map(({ x }) => x)),
    yAxis: logAxis(limit === null ? ys : [...ys, limit]),
  };
}

function boundsOf(interval: Bounds | null): number[] {
  return interval === null
    ? []
    : [interval.low, interval.high].filter((bound) => bound > 0 && isDrawable(bound));
}

/** A label near the last point of each series. */
function withLabels(
  measured: readonly Omit<SweepSeries, 'label'>[],
  { xAxis, yAxis }: Axes,
  { width, height }: PlotSize,
): SweepSeries[] {
  const spots = measured.map(({ name, points }) => {
    const last = points.at(-1) ?? { x: xAxis.low, y: yAxis.low };
    const x = toPixels(xAxis, last.x, width);
    return { x, y: height - toPixels(yAxis, last.y, height), text: name };
  });
  const placements = placeLabels(spots, { width, height });
  return measured.map(({ name, points }, index) => {
    const { x, y, align } = placements[index] ?? { x: 0, y: 0, align: 'left' as const };
    const at = { x: fromPixels(xAxis, x, width), y: fromPixels(yAxis, height - y, height) };
    return { name, points, label: { ...at, align } };
  });
}

function rowOf(name: string, { x, y, interval, isMet }: SweepPoint, isServer: boolean): string[] {
  const range =
    interval === null ? '' : `${formatSignificant(interval.low)} to ${formatSignificant(interval.high)}`;
  return [
    name,
    formatSignificant(x),
    formatSignificant(y),
    range,
    ...(isServer ? [isMet ? 'yes' : 'no'] : []),
  ];
}
