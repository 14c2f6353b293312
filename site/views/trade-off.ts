import { paretoSet } from '../../core/pareto.ts';
import type { Direction, Interval } from '../../core/verdict.ts';
import type { LatencyProfile } from '../../results/latency-schema.ts';
import type { MetricValue } from '../../results/quality-schema.ts';
import { isDrawable, linearAxis, logAxis, fromPixels, toPixels, type Axis } from './axis.ts';
import { clip, decimalsFor, formatCount, formatNumber, formatRange, formatTime } from './format.ts';
import { placeLabels, type Placement } from './place-labels.ts';
import { overallVerdict, type GroupStanding, type Standing } from './standings.ts';
import { markOf, type Mark } from './marks.ts';

type Bounds = Pick<Interval, 'low' | 'high'>;

/** One variant on one target: latency against quality, each with its interval. */
export interface TradeOffPoint {
  variant: string;
  target: string;
  latencyMs: number;
  quality: number;
  mark: Mark;
  latencyInterval: Bounds;
  qualityInterval: Bounds;
  /** Where the label's anchor lies, in the units of the axes. */
  label: { text: string; latencyMs: number; quality: number; align: Placement['align'] };
}

/** Everything the chart of one model of a suite shows. */
export interface TradeOff {
  metric: string;
  unit: string;
  direction: Direction;
  points: readonly TradeOffPoint[];
  frontier: readonly Pick<TradeOffPoint, 'latencyMs' | 'quality'>[];
  latencyAxis: Axis;
  qualityAxis: Axis;
  /** What the chart says, in a sentence for those who do not see it. */
  summary: string;
  /** How many variants are not drawn, in words; null where all are. */
  missing: string | null;
  rows: readonly (readonly string[])[];
}

/** The plotting area of a chart in pixels. */
export interface PlotSize {
  width: number;
  height: number;
}

interface Measured {
  group: GroupStanding;
  standing: Standing;
  profile: LatencyProfile;
  primary: MetricValue & { value: number };
}

/**
 * Null where no variant has both a latency and a quality. Latencies of different machines do not compare, so only those of
 * the machine that timed last are drawn.
 */
export function tradeOffOf(groups: readonly GroupStanding[], size: PlotSize): TradeOff | null {
  const everywhere = groups.flatMap((group) =>
    group.standings.flatMap((standing) => measuredOf(group, standing)),
  );
  const machine = machineOf(newestFirst(everywhere)[0]);
  const measured = everywhere.filter((one) => machineOf(one) === machine);
  const [first] = measured;
  if (first === undefined) return null;
  const { direction, label, unit } = first.primary;
  const choices = measured.map(choiceOf);
  const axes = axesOf(choices);
  const sign = direction === 'higher-is-better' ? -1 : 1;
  const frontier = paretoSet(choices, ({ latencyMs, quality }) => [latencyMs, sign * quality]);
  const count = groups.reduce((sum, { standings }) => sum + standings.length, 0);
  return {
    metric: clip(label, 40),
    unit: clip(unit, 20),
    direction,
    points: withLabels(choices, axes, size),
    frontier,
    ...axes,
    summary: summaryOf(choices, frontier, first.primary),
    missing: missingSentence(count - everywhere.length, everywhere.length - measured.length),
    rows: rowsOf(measured),
  };
}

function newestFirst(measured: readonly Measured[]): Measured[] {
  const startOf = ({ group }: Measured): string => group.chosen.group?.record.startedAt ?? '';
  return measured.toSorted((a, b) => (startOf(a) < startOf(b) ? 1 : -1));
}

function machineOf(measured: Measured | undefined): string | undefined {
  return measured?.group.chosen.group?.record.environment.fingerprint;
}

function missingSentence(unmeasured: number, elsewhere: number): string | null {
  const parts = [
    ...(unmeasured === 0 ? [] : [`${formatCount(unmeasured, 'variant')} not measured`]),
    ...(elsewhere === 0 ? [] : [`${formatCount(elsewhere, 'variant')} timed on another machine`]),
  ];
  return parts.length === 0 ? null : `Not drawn: ${parts.join(', ')}.`;
}

function measuredOf(group: GroupStanding, standing: Standing): Measured[] {
  const { profile, primary } = standing;
  if (profile === null || primary?.value == null) return [];
  if (!isDrawable(profile.p50Ms) || !isDrawable(primary.value)) return [];
  return [{ group, standing, profile, primary: { ...primary, value: primary.value } }];
}

type UnlabelledPoint = Omit<TradeOffPoint, 'label'>;

function choiceOf({ group, standing, profile, primary }: Measured): UnlabelledPoint {
  return {
    variant: clip(standing.variant.name, 32),
    target: group.target,
    mark: markOf(standing.variant, overallVerdict(standing)),
    latencyMs: profile.p50Ms,
    quality: primary.value,
    latencyInterval: boundsOf(profile.p50Ms, profile.p50Interval),
    qualityInterval: boundsOf(primary.value, primary.interval),
  };
}

function boundsOf(value: number, interval: Bounds | null): Bounds {
  if (interval === null || !isDrawable(interval.low) || !isDrawable(interval.high))
    return { low: value, high: value };
  return { low: interval.low, high: interval.high };
}

function axesOf(points: readonly UnlabelledPoint[]): Pick<TradeOff, 'latencyAxis' | 'qualityAxis'> {
  const latencies = points.flatMap(({ latencyMs, latencyInterval: { low, high } }) => [latencyMs, low, high]);
  const qualities = points.flatMap(({ quality, qualityInterval: { low, high } }) => [quality, low, high]);
  return { latencyAxis: logAxis(latencies), qualityAxis: linearAxis(qualities) };
}

function withLabels(
  points: readonly UnlabelledPoint[],
  { latencyAxis, qualityAxis }: Pick<TradeOff, 'latencyAxis' | 'qualityAxis'>,
  { width, height }: PlotSize,
): TradeOffPoint[] {
  const spots = points.map(({ variant, latencyMs, quality }) => ({
    x: toPixels(latencyAxis, latencyMs, width),
    y: height - toPixels(qualityAxis, quality, height),
    text: variant,
  }));
  const placements = placeLabels(spots, { width, height });
  return points.map((point, index) => {
    const { x, y, align } = placements[index] ?? { x: 0, y: 0, align: 'left' as const };
    const latencyMs = fromPixels(latencyAxis, x, width);
    const quality = fromPixels(qualityAxis, height - y, height);
    return { ...point, label: { text: point.variant, latencyMs, quality, align } };
  });
}

function summaryOf(
  points: readonly UnlabelledPoint[],
  frontier: readonly UnlabelledPoint[],
  metric: MetricValue,
): string {
  const onFrontier = frontier.map(({ variant, target }) => `${variant} on ${target}`).join(', ');
  const axes = `${clip(metric.label, 40)} against median latency for ${formatCount(points.length, 'variant')}`;
  return `${axes}. None is both faster and better than these: ${onFrontier}.`;
}

function rowsOf(measured: readonly Measured[]): string[][] {
  const decimals = decimalsFor(measured.map(({ primary }) => primary));
  return measured.map(({ group, standing, profile, primary }) => [
    clip(standing.variant.name),
    group.target,
    formatTime(profile.p50Ms),
    profile.p50Interval === null
      ? ''
      : `${formatTime(profile.p50Interval.low)} to ${formatTime(profile.p50Interval.high)}`,
    formatNumber(primary.value, decimals),
    primary.interval === null ? '' : formatRange(primary.interval, decimals),
    markOf(standing.variant, overallVerdict(standing)),
  ]);
}
