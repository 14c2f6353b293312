import { median, sortAscending } from '../core/statistics/quantile.ts';
import { sum } from '../core/statistics/summary.ts';
import type { Conditions } from '../results/latency-schema.ts';
import type { TimedOutcome } from '../results/schema.ts';
import { generationMetrics } from './footprint/generation-metrics.ts';
import type { FootprintTimes } from './footprint/measure-footprint.ts';
import { summariseFootprint } from './footprint/summarise-footprint.ts';
import type { PreparedGroup } from './prepare-cells.ts';
import type { ContenderTimes, GroupTimes } from './timing/group-times.ts';
import { summariseLatency } from './timing/summarise.ts';

type Timed = Extract<ContenderTimes, { status: 'timed' }>;

/** What a variant's times came to. `alone` is what it takes by itself, where it was run so. */
export function timedOutcome(
  { planned }: PreparedGroup,
  found: ContenderTimes,
  { times, alone }: { times: GroupTimes; alone: FootprintTimes | undefined },
): TimedOutcome {
  if (found.status === 'failed') {
    const { code, reason, stderrTail } = found;
    return { status: 'failed', code, reason, stderrTail };
  }
  if (found.processes.length === 0)
    return { status: 'failed', code: 'error', reason: 'the baseline could not be timed', stderrTail: null };
  const { policy, timing, task } = planned.loaded.suite;
  const level = 1 - policy.alpha;
  return {
    status: 'measured',
    profile: summariseLatency(found.processes, { batchSize: timing.batchSize, level }),
    footprint: alone?.status === 'measured' ? summariseFootprint(alone.processes) : null,
    conditions: conditionsOf(found, times),
    metrics: task.kind === 'generation' && alone !== undefined ? generationMetrics(alone, level) : [],
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
