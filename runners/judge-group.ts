import { compareLatency } from '../results/compare-latency.ts';
import type {
  GroupRecord,
  LatencyComparison,
  MetricValue,
  ProcessPairs,
  TimedOutcome,
  Warning,
} from '../results/schema.ts';
import type { PredictionsByCell } from './evaluate-cells.ts';
import { judgeQuality, nothingToCompare } from './judge-quality.ts';
import { baselineOf, type PreparedCell, type PreparedGroup } from './prepare-cells.ts';
import { summariseLatency } from './timing/summarise.ts';
import { controlName, type ContenderTimes } from './timing/time-group.ts';
import { tokenRate } from './token-rate.ts';

/** What judging a group adds to its record. */
export type Judged = Pick<GroupRecord, 'variants' | 'control' | 'pairs'> & { warnings: Warning[] };

export interface Evidence {
  predictions: PredictionsByCell;
  times: readonly ContenderTimes[];
  /** Why nothing was timed; null where it was. */
  untimedReason: string | null;
}

/** Judges every variant of a group against the baseline: quality on the same samples, latency in the same processes. */
export function judgeGroup(group: PreparedGroup, evidence: Evidence): Judged {
  const control = latencyOf(group, evidence, controlName);
  const warnings = controlDoubt(control);
  const quality = judgeQuality(group, evidence.predictions);
  const variants = group.cells.map((cell) => ({
    variant: cell.variant,
    timed: timedOutcome(group, cell, evidence),
    ...(quality.get(cell.variant.name) ?? nothingToCompare),
    latency: cell.variant.isBaseline
      ? null
      : withheldIf(warnings.length > 0, latencyOf(group, evidence, cell.variant.name)),
  }));
  return { variants, control, warnings, pairs: pairsOf(group, evidence) };
}

function timedOutcome(
  group: PreparedGroup,
  cell: PreparedCell,
  { times, untimedReason }: Evidence,
): TimedOutcome {
  if (cell.plan.status !== 'ready') return cell.plan;
  if (untimedReason !== null) return { status: 'skipped', code: 'not-applicable', reason: untimedReason };
  const { suite } = group.planned.loaded;
  const found = times.find(({ name }) => name === cell.variant.name);
  if (found === undefined) throw new Error(`internal: ${cell.variant.name} was not timed`);
  if (found.status === 'failed') {
    const { code, reason, stderrTail } = found;
    return { status: 'failed', code, reason, stderrTail };
  }
  if (found.processes.length === 0) {
    return { status: 'failed', code: 'error', reason: 'the baseline could not be timed', stderrTail: null };
  }
  const profile = summariseLatency(found.processes, {
    batchSize: suite.timing.batchSize,
    level: 1 - suite.policy.alpha,
  });
  const metrics: MetricValue[] = suite.task.kind === 'generation' ? [tokenRate(profile)] : [];
  return { status: 'measured', profile, metrics };
}

function latencyOf(group: PreparedGroup, { times }: Evidence, name: string): LatencyComparison | null {
  const processes = pairedProcesses(group, times, name).map(({ baselineMs, variantMs }) => ({
    baseline: baselineMs,
    variant: variantMs,
  }));
  return compareLatency(processes, group.planned.loaded.suite.policy);
}

function pairsOf(group: PreparedGroup, { times }: Evidence): ProcessPairs[] {
  const names = times.map(({ name }) => name).filter((name) => name !== baselineOf(group).variant.name);
  return names.flatMap((name) => pairedProcesses(group, times, name));
}

function pairedProcesses(
  group: PreparedGroup,
  times: readonly ContenderTimes[],
  name: string,
): ProcessPairs[] {
  const baseline = times.find((one) => one.name === baselineOf(group).variant.name);
  const variant = times.find((one) => one.name === name);
  if (baseline?.status !== 'timed' || variant?.status !== 'timed') return [];
  return variant.processes.flatMap((process, index) => {
    const against = baseline.processes[index];
    if (against === undefined) return [];
    const pairs = Math.min(against.roundMs.length, process.roundMs.length);
    const toMs = (values: Float64Array): number[] =>
      Array.from(values.subarray(0, pairs), roundToNanoseconds);
    return [
      { variant: name, process: index, baselineMs: toMs(against.roundMs), variantMs: toMs(process.roundMs) },
    ];
  });
}

/** The clock tells no more, and the record stays small. */
function roundToNanoseconds(ms: number): number {
  return Math.round(ms * 1e6) / 1e6;
}

/** Identical models that differ by more than half the tolerated slowdown mean that the machine, not the variant, is seen. */
function controlDoubt(control: LatencyComparison | null): Warning[] {
  if (control === null) return [];
  const excludesOne = control.interval.low > 1 || control.interval.high < 1;
  if (!excludesOne || Math.abs(Math.log(control.ratio)) <= Math.log1p(control.margin) / 2) return [];
  const percent = ((control.ratio - 1) * 100).toFixed(1);
  return [
    {
      code: 'control-failed',
      detail: `The baseline timed against itself differed by ${percent} %: latency verdicts of this group are withheld.`,
      advice: 'run again on a quieter machine, or in the default form, which uses more processes',
    },
  ];
}

function withheldIf(isWithheld: boolean, latency: LatencyComparison | null): LatencyComparison | null {
  if (!isWithheld || latency === null) return latency;
  return {
    ...latency,
    verdict: 'inconclusive',
    reason: `Withheld, since the control failed. ${latency.reason}`,
  };
}
