import { median, sortAscending } from '../core/statistics/quantile.ts';
import { sum } from '../core/statistics/summary.ts';
import type { LatencyDesign } from '../results/compare-latency.ts';
import type { Conditions, LatencyComparison, ProcessPairs } from '../results/latency-schema.ts';
import type { GroupRecord, TimedOutcome } from '../results/schema.ts';
import { controlFault } from './doubts/control-doubt.ts';
import { computesOnOneThread } from './doubts/situation.ts';
import type { PredictionsByCell } from './evaluate-cells.ts';
import type { AdviceByCell } from './explain/advise-groups.ts';
import { generationMetrics } from './footprint/generation-metrics.ts';
import type { FootprintTimes } from './footprint/measure-footprint.ts';
import { summariseFootprint } from './footprint/summarise-footprint.ts';
import { judgeQuality, nothingToCompare } from './judge-quality.ts';
import { baselineOf, type PreparedCell, type PreparedGroup } from './prepare-cells.ts';
import { controlName, type ContenderTimes, type GroupTimes } from './timing/group-times.ts';
import { judgeTimes } from './timing/judge-times.ts';
import { summariseLatency } from './timing/summarise.ts';

type Timed = Extract<ContenderTimes, { status: 'timed' }>;

/** What judging a group adds to its record. */
export type Judged = Pick<GroupRecord, 'variants' | 'control' | 'pairs'>;

export interface Evidence {
  predictions: PredictionsByCell;
  advice: AdviceByCell;
  times: GroupTimes;
  /** Of the variants that were timed, by name. */
  footprints: ReadonlyMap<string, FootprintTimes>;
  design: LatencyDesign;
  /** Why nothing was timed; null where it was. */
  untimedReason: string | null;
}

/** Judges every variant of a group against the baseline: quality on the same samples, latency in the same processes. */
export function judgeGroup(group: PreparedGroup, evidence: Evidence): Judged {
  const latencies = judgeTimes(evidence.times, baselineOf(group).variant.name, evidence.design);
  const control = latencies.get(controlName) ?? null;
  const quality = judgeQuality(group, evidence.predictions);
  const variants = group.cells.map((cell) => ({
    variant: cell.variant,
    predictionsSha256: evidence.predictions.get(cell.job.id)?.sha256 ?? null,
    advice: evidence.advice.get(cell.job.id)?.map((one) => ({ ...one })) ?? null,
    timed: timedOutcome(group, cell, evidence),
    ...(quality.get(cell.variant.name) ?? nothingToCompare),
    latency: cell.variant.isBaseline
      ? null
      : settled(group, control, latencies.get(cell.variant.name) ?? null),
  }));
  return { variants, control, pairs: pairsOf(group, evidence) };
}

function timedOutcome(
  group: PreparedGroup,
  cell: PreparedCell,
  { times, footprints, untimedReason }: Evidence,
): TimedOutcome {
  if (cell.plan.status !== 'ready') return cell.plan;
  if (untimedReason !== null) return { status: 'skipped', code: 'not-applicable', reason: untimedReason };
  const { suite } = group.planned.loaded;
  const found = times.contenders.find(({ name }) => name === cell.variant.name);
  if (found === undefined) throw new Error(`internal: ${cell.variant.name} was not timed`);
  if (found.status === 'failed') {
    const { code, reason, stderrTail } = found;
    return { status: 'failed', code, reason, stderrTail };
  }
  if (found.processes.length === 0) {
    return { status: 'failed', code: 'error', reason: 'the baseline could not be timed', stderrTail: null };
  }
  const level = 1 - suite.policy.alpha;
  const alone = footprints.get(cell.variant.name);
  return {
    status: 'measured',
    profile: summariseLatency(found.processes, { batchSize: suite.timing.batchSize, level }),
    footprint: alone?.status === 'measured' ? summariseFootprint(alone.processes) : null,
    conditions: conditionsOf(found, times),
    metrics: suite.task.kind === 'generation' && alone !== undefined ? generationMetrics(alone, level) : [],
  };
}

function conditionsOf({ processes }: Timed, times: GroupTimes): Conditions {
  const wallMs = sum(processes.map(({ roundMs }) => sum(roundMs)));
  const cpuMs = sum(processes.map(({ roundCpuMs }) => sum(roundCpuMs)));
  return {
    steadyProcesses: processes.filter(({ warmUp }) => warmUp.isSteady).length,
    processes: processes.length,
    warmUpMs: median(sortAscending(processes.map(({ warmUp }) => warmUp.ms))),
    cpuPerWall: wallMs === 0 ? 0 : cpuMs / wallMs,
    epochs: median(sortAscending(times.processes.slice(0, processes.length).map(({ epochs }) => epochs))),
    units: sum(processes.map(({ roundMs }) => roundMs.length)),
    collections: sum(times.processes.slice(0, processes.length).map(({ collections }) => collections)),
  };
}

function pairsOf(group: PreparedGroup, { times: { contenders: times } }: Evidence): ProcessPairs[] {
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

/** Withheld where there is no control to trust; the CPU's time says nothing of several threads or a GPU. */
function settled(
  { planned, group }: PreparedGroup,
  control: LatencyComparison | null,
  latency: LatencyComparison | null,
): LatencyComparison | null {
  if (latency === null) return null;
  const { threads } = planned.loaded.suite.timing;
  const told = computesOnOneThread({ threads, device: group.target.device })
    ? latency
    : { ...latency, cpuRatio: null };
  const fault = controlFault(control);
  if (fault === null) return told;
  return {
    ...told,
    verdict: 'inconclusive',
    isWithheld: true,
    reason: `Withheld: ${fault}. ${latency.reason}`,
  };
}
