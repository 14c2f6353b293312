import { systemClock } from '../core/clock.ts';
import { firstBatch } from '../core/samples.ts';
import type { LatencyDesign } from '../results/compare-latency.ts';
import type { GroupRecord, TimedOutcome } from '../results/schema.ts';
import type { Warning } from '../results/warning-schema.ts';
import type { ControlFailure } from './doubts/control-doubt.ts';
import { groupDoubts } from './doubts/group-doubts.ts';
import { readMachineState } from './doubts/machine-state.ts';
import { computesOnOneThread } from './doubts/situation.ts';
import { measureTimer } from './floors.ts';
import { measureFootprints } from './footprint/measure-footprints.ts';
import { changedArtifacts, timeUnchanged, withoutChanged } from './held-artifacts.ts';
import { originOf, type KnownRecord } from './known-records.ts';
import { baselineOf, type PreparedCell, type PreparedGroup } from './prepare-cells.ts';
import type { RunContext } from './run-context.ts';
import { timedOutcome } from './timed-outcomes.ts';
import type { KeptTimes } from './timing/judge-pairs.ts';
import { cpuRatiosOf } from './timing/judge-times.ts';
import { pairsOf } from './timing/pairs.ts';
import { timeGroup } from './timing/time-group.ts';
import { controlName, type GroupTimes } from './timing/group-times.ts';

/** What timing a group left, now or in an earlier run: all but what a policy makes of it. */
export interface TimedGroup
  extends KeptTimes, Pick<GroupRecord, 'startedAt' | 'durationMs' | 'reusedFrom' | 'environment'> {
  /** Of the variants that were timed, by name. */
  outcomes: ReadonlyMap<string, TimedOutcome>;
  controlFailure: ControlFailure;
  /** All but the doubt about a control that was timed, which a policy has a say in. */
  warnings: readonly Warning[];
}

export interface Timing {
  /** Those that are ready, baseline first. */
  cells: readonly PreparedCell[];
  design: LatencyDesign;
}

/** Times the cells that are given, baseline first, and runs each of them alone. */
export async function timeNow(
  group: PreparedGroup,
  { cells, design }: Timing,
  context: RunContext,
): Promise<TimedGroup> {
  const { clock, form, environment } = context;
  const startedAt = clock.timestamp();
  const start = clock.nowMs();
  const before = readMachineState();
  const timed = await timeUnchanged(cells, (unchanged) =>
    timeCells(group, { cells: unchanged, design }, context),
  );
  const states = [before, readMachineState()] as const;
  const footprints = await measureFootprints(group, timed, context);
  const times = withoutChanged(timed, cells, await changedArtifacts(cells));
  const { stepMs: timerStepMs } = measureTimer(systemClock);
  const outcomes = new Map(
    times.contenders.map((found) => [
      found.name,
      timedOutcome(group, found, { times, alone: footprints.get(found.name) }),
    ]),
  );
  const situation = {
    form,
    threads: group.planned.loaded.suite.timing.threads,
    device: group.group.target.device,
  };
  const variants = cells.flatMap(({ variant }) => {
    const outcome = outcomes.get(variant.name);
    return outcome === undefined ? [] : [{ variant, timed: outcome }];
  });
  return {
    startedAt,
    durationMs: clock.nowMs() - start,
    reusedFrom: null,
    environment,
    outcomes,
    controlFailure: failureOf(outcomes.get(controlName)),
    pairs: pairsOf(times, baselineOf(group).variant.name),
    // The CPU's time says nothing of several threads or a GPU.
    cpuRatios: computesOnOneThread(situation)
      ? cpuRatiosOf(times, baselineOf(group).variant.name)
      : new Map(),
    warnings: groupDoubts({ variants, times, footprints, states, timerStepMs }, situation),
  };
}

async function timeCells(
  { group, planned }: PreparedGroup,
  { cells, design }: Timing,
  { form, limits, signal }: RunContext,
): Promise<GroupTimes> {
  const { suite } = planned.loaded;
  const { threads, seed, batchSize } = suite.timing;
  const { inputs } = await firstBatch(planned.dataset.test, batchSize);
  const contenders = cells.flatMap(({ variant, plan }) =>
    plan.status === 'ready' ? [{ name: variant.name, artifact: plan.artifact }] : [],
  );
  const request = { target: group.target, threads, contenders, inputs, seed, design };
  return timeGroup(request, { form, limits: limits(suite), signal });
}

/** What a record of an earlier timing holds. */
export function timedBefore(known: KnownRecord<GroupRecord>, { store }: RunContext): TimedGroup {
  const { startedAt, durationMs, environment, variants, control, pairs, warnings } = known.record;
  const compared = variants.flatMap(({ variant, latency }) =>
    latency === null ? [] : [[variant.name, latency.cpuRatio] as const],
  );
  return {
    startedAt,
    durationMs,
    environment,
    reusedFrom: originOf(known, store),
    outcomes: new Map(
      variants.flatMap(({ variant, timed }) => (timed.status === 'skipped' ? [] : [[variant.name, timed]])),
    ),
    // Told by the doubt of the earlier record.
    controlFailure: null,
    pairs,
    cpuRatios: new Map([...compared, [controlName, control?.cpuRatio ?? null]]),
    warnings: warnings.filter(({ code }) => code !== 'control-failed' || control === null),
  };
}

function failureOf(control: TimedOutcome | undefined): ControlFailure {
  return control?.status === 'failed' ? control : null;
}
