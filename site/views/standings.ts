import type { Advice } from '../../core/advice.ts';
import type { VerdictName } from '../../core/verdict.ts';
import type { Consistency } from '../../results/consistency-schema.ts';
import type { Footprint, LatencyComparison, LatencyProfile } from '../../results/latency-schema.ts';
import type { Flips, MetricValue, QualityComparison } from '../../results/quality-schema.ts';
import type { CellRecord, GroupRecord, QualityOutcome, TimedOutcome, Variant } from '../../results/schema.ts';
import type { Warning } from '../../results/warning-schema.ts';
import { targetOf, type ChosenGroup, type Entry } from './choose-records.ts';
import type { Estimate } from './format.ts';

/** Why a figure is not there. */
export interface Gap {
  status: 'skipped' | 'failed' | 'not measured';
  reason: string;
}

/** How one variant stands on one target, in numbers. What was not measured is null, and `gaps` says why. */
export interface Standing {
  variant: Variant;
  cell: Entry<CellRecord> | null;
  /** Every metric of the cell; the first is the one the policy judges. */
  metrics: readonly MetricValue[];
  primary: MetricValue | null;
  quality: QualityComparison | null;
  flips: Flips | null;
  profile: LatencyProfile | null;
  footprint: Footprint | null;
  /** Figures that follow from latency. */
  timedMetrics: readonly MetricValue[];
  latency: LatencyComparison | null;
  speedUp: Estimate | null;
  /** Given before it was measured. */
  advice: readonly Advice[];
  /** How it agrees with other targets. */
  consistency: Consistency | null;
  /** Size over the baseline's size. */
  sizeRatio: number | null;
  gaps: { quality: Gap | null; timing: Gap | null };
}

/** A baseline and its variants on one target: the baseline first, then from fast to slow, then what was not timed. */
export interface GroupStanding {
  chosen: ChosenGroup;
  target: string;
  standings: readonly Standing[];
  warnings: readonly Warning[];
  /** Whether the baseline, timed against itself, came out as equal; verdicts on speed mean nothing otherwise. */
  isTrusted: boolean;
  /** Why nothing was measured, where that is the same for all variants. */
  gap: Gap | null;
}

const unrecorded: Gap = { status: 'not measured', reason: 'no record of it is stored' };

export function standGroup(chosen: ChosenGroup): GroupStanding {
  const timed = chosen.group?.record.variants ?? [];
  const baseline = timed.find(({ variant }) => variant.isBaseline)?.variant ?? baselineCell(chosen);
  const standings =
    timed.length > 0
      ? timed.map((entry) => standTimed(chosen, entry, baseline))
      : [...chosen.cells.values()].map((cell) => standCell(cell, baseline));
  return {
    chosen,
    target: targetOf(chosen.subject),
    standings: standings.sort(baselineThenFastest),
    warnings: warningsOf(chosen),
    isTrusted: isControlSound(chosen.group?.record),
    gap: sharedGap(standings),
  };
}

function sharedGap(standings: readonly Standing[]): Gap | null {
  const gaps = standings.map(({ gaps: { quality, timing } }) => [quality, timing]).flat();
  const [first = null] = gaps;
  const isShared = gaps.every((gap) => gap?.status === first?.status && gap?.reason === first?.reason);
  return isShared ? first : null;
}

function baselineCell({ cells }: ChosenGroup): Variant | undefined {
  return [...cells.values()].find(({ record }) => record.variant.isBaseline)?.record.variant;
}

function standTimed(
  chosen: ChosenGroup,
  timed: GroupRecord['variants'][number],
  baseline: Variant | undefined,
): Standing {
  const cell = chosen.cells.get(timed.variant.name) ?? null;
  const figures = qualityFigures(cell?.record.outcome);
  return {
    variant: timed.variant,
    cell,
    ...figures,
    quality: judgementOf(timed.quality, figures.primary),
    flips: timed.flips,
    advice: timed.advice ?? [],
    consistency: timed.consistency,
    ...timedFigures(timed.timed),
    latency: timed.latency,
    speedUp: timed.latency === null ? null : speedUpOf(timed.latency),
    sizeRatio: sizeRatioOf(timed.variant, baseline),
    gaps: { quality: gapOf(cell?.record.outcome), timing: gapOf(timed.timed) },
  };
}

/** On the metric that stands beside it: none where that is undefined, though other metrics are judged. */
function judgementOf(
  judged: readonly QualityComparison[],
  primary: MetricValue | null,
): QualityComparison | null {
  if (primary === null) return judged[0] ?? null;
  return judged.find(({ metric }) => metric === primary.id) ?? null;
}

function standCell(cell: Entry<CellRecord>, baseline: Variant | undefined): Standing {
  const { variant, outcome } = cell.record;
  return {
    variant,
    cell,
    ...qualityFigures(outcome),
    quality: null,
    flips: null,
    advice: [],
    consistency: null,
    profile: null,
    footprint: null,
    timedMetrics: [],
    latency: null,
    speedUp: null,
    sizeRatio: sizeRatioOf(variant, baseline),
    gaps: { quality: gapOf(outcome), timing: unrecorded },
  };
}

function qualityFigures(outcome: QualityOutcome | undefined): Pick<Standing, 'metrics' | 'primary'> {
  const metrics = outcome?.status === 'measured' ? outcome.metrics : [];
  return { metrics, primary: metrics[0] ?? null };
}

function timedFigures(timed: TimedOutcome): Pick<Standing, 'profile' | 'footprint' | 'timedMetrics'> {
  if (timed.status !== 'measured') return { profile: null, footprint: null, timedMetrics: [] };
  return { profile: timed.profile, footprint: timed.footprint, timedMetrics: timed.metrics };
}

function gapOf(outcome: QualityOutcome | TimedOutcome | undefined): Gap | null {
  if (outcome === undefined) return unrecorded;
  return outcome.status === 'measured' ? null : { status: outcome.status, reason: outcome.reason };
}

/** How many times as fast as the baseline: the inverse of the ratio of times, and so are its bounds. */
export function speedUpOf({ ratio, interval }: Pick<LatencyComparison, 'ratio' | 'interval'>): Estimate {
  const isInvertible = interval.low > 0 && interval.high > 0;
  return {
    value: 1 / ratio,
    interval: isInvertible ? { low: 1 / interval.high, high: 1 / interval.low } : null,
  };
}

function sizeRatioOf({ sizeBytes }: Variant, baseline: Variant | undefined): number | null {
  const baselineBytes = baseline?.sizeBytes ?? null;
  return sizeBytes === null || baselineBytes === null ? null : sizeBytes / baselineBytes;
}

function baselineThenFastest(a: Standing, b: Standing): number {
  const byRole = Number(b.variant.isBaseline) - Number(a.variant.isBaseline);
  if (byRole !== 0) return byRole;
  if (a.profile === null || b.profile === null)
    return Number(a.profile === null) - Number(b.profile === null);
  return a.profile.p50Ms - b.profile.p50Ms;
}

function warningsOf({ group, cells }: ChosenGroup): Warning[] {
  const records = [
    ...(group === null ? [] : [group.record]),
    ...[...cells.values()].map(({ record }) => record),
  ];
  const byText = new Map(
    records.flatMap(({ warnings }) => warnings).map((warning) => [JSON.stringify(warning), warning]),
  );
  return [...byText.values()];
}

function isControlSound(group: GroupRecord | undefined): boolean {
  return group?.warnings.some(({ code }) => code === 'control-failed') !== true;
}

/** Both verdicts of a variant as one: its worst, `improved` where one is and the other holds; null for a baseline. */
export function overallVerdict({
  quality,
  latency,
}: Pick<Standing, 'quality' | 'latency'>): VerdictName | null {
  const verdicts = [quality?.verdict, latency?.verdict].filter((verdict) => verdict !== undefined);
  const ranking = ['regressed', 'inconclusive', 'improved', 'pass'] as const;
  return ranking.find((verdict) => verdicts.includes(verdict)) ?? null;
}
