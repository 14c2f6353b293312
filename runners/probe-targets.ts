import { formatTarget } from '../results/target-schema.ts';
import type { Suite } from '../suites/schema.ts';
import type { Target } from '../suites/target.ts';
import type { Limits } from './limits.ts';
import type { PlannedSuite } from './plan.ts';
import { mapInOrder } from './pool/map-in-order.ts';
import { failureOf, type Host } from './pool/supervise.ts';
import type { Probe } from './runner.ts';
import { targetsOf } from './targets-of.ts';

/** A first inference takes seconds at most, where a large driver lies on a slow disk, too. */
const mostProbeMs = 60_000;
/** A process may have to start and load its runtime for it: a machine that is busy is no driver that hangs. */
const leastProbeMs = 10_000;

export interface ProbeOptions {
  /** Of a cell there: a probe gets as much, but no less than ten seconds and no more than a minute, which it gets where this is left out. */
  timeoutMs?: number;
  /** One where left out: beside others, a probe that hangs ends them, too, unless the host is that of `startSeveralHosts`. */
  atATime?: number;
  /** Told before each probe. */
  report?: (step: string) => void;
}

/** Proves each target by a tiny inference in the host, by its name; a native crash or a hang of one is its answer. */
export async function probeTargets(
  targets: readonly Target[],
  host: Host,
  { timeoutMs = mostProbeMs, atATime = 1, report = () => undefined }: ProbeOptions = {},
): Promise<Map<string, Probe>> {
  const within = Math.min(Math.max(timeoutMs, leastProbeMs), mostProbeMs);
  const limits = { timeoutMs: within, memoryBytes: Infinity };
  const probed = await mapInOrder(targets, atATime, async (target): Promise<[string, Probe]> => {
    const name = formatTarget(target);
    report(`probing ${name}`);
    const outcome = await host.run({ kind: 'probe', target }, limits);
    if (outcome.status === 'done') return [name, outcome.result];
    const { code, reason } = failureOf(outcome);
    return [name, code === 'timeout' ? hanging(limits.timeoutMs) : unknownFault(reason)];
  });
  return new Map(probed);
}

/** The targets of suites, with the time that the most patient of them gives a cell. */
export function probeSuites(
  planned: readonly PlannedSuite[],
  host: Host,
  { limits, report }: { limits: (suite: Suite) => Limits; report: (step: string) => void },
): Promise<Map<string, Probe>> {
  const timeoutMs = Math.max(...planned.map(({ loaded }) => limits(loaded.suite).timeoutMs));
  return probeTargets(targetsOf(planned), host, { timeoutMs, report });
}

function hanging(timeoutMs: number): Probe {
  const isLongest = timeoutMs === mostProbeMs;
  const longer = isLongest
    ? ''
    : `; where it is only slow, a longer time of cells gives it up to ${mostProbeMs / 1000} s`;
  return {
    status: 'unavailable',
    reason: `a tiny inference did not come back within ${timeoutMs / 1000} s: its driver or runtime hangs`,
    remedy: `mend or update its driver, or leave the target out${longer}`,
  };
}

function unknownFault(reason: string): Probe {
  return { status: 'unavailable', reason, remedy: 'assay doctor --verbose' };
}
