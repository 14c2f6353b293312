import type { GroupRecord } from '../../results/schema.ts';
import type { Warning } from '../../results/warning-schema.ts';
import type { GroupTimes } from '../timing/group-times.ts';
import { findDrifts } from './drift.ts';
import { computesOnOneThread, measureMore, warmUpMore, type Situation } from './situation.ts';

/** Less of a core than this while timed is waiting, not rounding. */
const leastCpuPerWall = 0.95;
/** Share of the processes that must have warmed up. */
const leastSteadyShare = 0.8;
/** A call of fewer steps of the clock than this is known to worse than 1 %. */
const leastTimerSteps = 100;
/** A call of fewer floors than this is by a third or more the calling itself. */
const leastFloors = 3;
/** Clocks are steered by less than this in the seconds of a process; more is a clock that was set. */
const maxClockSkewMs = 50;

/** What timing a group left behind. */
export interface TimedEvidence {
  variants: readonly Pick<GroupRecord['variants'][number], 'variant' | 'timed'>[];
  times: GroupTimes;
  timerStepMs: number;
}

/** Doubts that the times of a group themselves give rise to. */
export function timingDoubts(evidence: TimedEvidence, situation: Situation): Warning[] {
  const measured = evidence.variants.flatMap(({ variant: { name }, timed }) =>
    timed.status === 'measured' ? [{ name, ...timed }] : [],
  );
  return [
    ...neighbourDoubt(measured, situation),
    ...steadinessDoubt(measured, situation),
    ...driftDoubt(evidence, situation),
    ...timerDoubt(measured, evidence),
    ...floorDoubt(measured, evidence),
    ...clockDoubt(evidence.times),
  ];
}

type Measured = { name: string } & Extract<GroupRecord['variants'][number]['timed'], { status: 'measured' }>;

function neighbourDoubt(measured: readonly Measured[], situation: Situation): Warning[] {
  if (!computesOnOneThread(situation)) return [];
  const shares = measured.flatMap(({ conditions }) => (conditions === null ? [] : [conditions.cpuPerWall]));
  const lowest = Math.min(...shares);
  if (lowest >= leastCpuPerWall) return [];
  return [
    {
      code: 'noisy-neighbour',
      detail: `Timed units had the processor for ${percent(lowest)} of their time; the rest went to other programs or guests.`,
      advice: `stop what else runs here; if a verdict is inconclusive, ${measureMore(situation)}`,
    },
  ];
}

function steadinessDoubt(measured: readonly Measured[], situation: Situation): Warning[] {
  const unsteady = measured.filter(
    ({ conditions }) =>
      conditions !== null && conditions.steadyProcesses < leastSteadyShare * conditions.processes,
  );
  if (unsteady.length === 0) return [];
  const each = unsteady.map(
    ({ name, conditions }) =>
      `${name} in ${(conditions?.processes ?? 0) - (conditions?.steadyProcesses ?? 0)} of ${conditions?.processes ?? 0} processes`,
  );
  return [
    {
      code: 'not-steady',
      detail: `Latency had not been seen to settle when the warm-up budget ended: ${each.join(', ')}.`,
      advice: warmUpMore(situation),
    },
  ];
}

function driftDoubt({ times, variants }: TimedEvidence, situation: Situation): Warning[] {
  const baseline = variants.find(({ variant }) => variant.isBaseline)?.variant.name;
  const timed = times.contenders.find(({ name }) => name === baseline);
  if (timed?.status !== 'timed') return [];
  return findDrifts(timed.processes.map(({ roundMs }) => roundMs)).map(({ where, share }) => ({
    code: 'drift',
    detail: `From its first third to its last, the baseline became ${percent(Math.abs(share))} ${share > 0 ? 'slower' : 'faster'} ${where}.`,
    advice: `the paired ratios bear it, the absolute latencies do not: ${measureMore(situation)} once the machine has settled`,
  }));
}

function timerDoubt(measured: readonly Measured[], { timerStepMs, times }: TimedEvidence): Warning[] {
  const short = measured.filter(({ profile }) => profile.p50Ms < leastTimerSteps * timerStepMs);
  if (short.length === 0) return [];
  const each = short.map(({ name, profile }) => `${name} takes ${microseconds(profile.p50Ms)}`);
  return [
    {
      code: 'coarse-timer',
      detail: `Single calls are fewer than ${leastTimerSteps} steps of the clock, which are ${microseconds(timerStepMs)}: ${each.join(', ')}.`,
      advice: `trust the verdict, whose units are many calls, or ${takeMoreSamples(times)}`,
    },
  ];
}

/** The lowest floor counts: a disturbed one is higher. */
function floorDoubt(measured: readonly Measured[], { times }: TimedEvidence): Warning[] {
  const floorMs = Math.min(...measured.map(({ footprint }) => footprint?.floorMs ?? Infinity));
  const near = measured.filter(({ profile }) => profile.p50Ms < leastFloors * floorMs);
  if (near.length === 0 || floorMs === Infinity) return [];
  const each = near.map(({ name, profile }) => `${name} takes ${microseconds(profile.p50Ms)}`);
  return [
    {
      code: 'near-floor',
      detail: `Calls take less than ${leastFloors} times the ${microseconds(floorMs)} of calling a network that does next to nothing: ${each.join(', ')}.`,
      advice: `a ratio of such calls understates what the model itself gains or loses; ${takeMoreSamples(times)}`,
    },
  ];
}

/** What makes calls longer. */
function takeMoreSamples({ processes }: GroupTimes): string {
  const fixedBatch = processes.find((process) => process.fixedBatch !== null)?.fixedBatch ?? null;
  return fixedBatch === null
    ? 'raise timing.batchSize'
    : `export the model for larger batches than the ${fixedBatch} that it takes`;
}

function clockDoubt({ processes }: GroupTimes): Warning[] {
  const jumped = processes.filter(({ clockSkewMs }) => clockSkewMs > maxClockSkewMs);
  if (jumped.length === 0) return [];
  const largest = Math.max(...jumped.map(({ clockSkewMs }) => clockSkewMs));
  return [
    {
      code: 'clock-jumped',
      detail: `Wall-clock and monotonic time parted by up to ${largest.toFixed(0)} ms in ${jumped.length} of ${processes.length} processes.`,
      advice:
        'durations are taken from the monotonic clock and stand; let the time service settle before dates matter',
    },
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function microseconds(ms: number): string {
  return `${Number((ms * 1000).toPrecision(3))} µs`;
}
