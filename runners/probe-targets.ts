import { formatTarget } from '../results/target-schema.ts';
import type { Target } from '../suites/target.ts';
import { failureOf, type Host } from './pool/supervise.ts';
import type { Probe } from './runner.ts';

/** Proves each target by a tiny inference in the host, by its name; a native crash of one is its answer. */
export async function probeTargets(targets: readonly Target[], host: Host): Promise<Map<string, Probe>> {
  const probed = targets.map(async (target): Promise<[string, Probe]> => {
    const name = formatTarget(target);
    const outcome = await host.run({ kind: 'probe', target });
    if (outcome.status === 'done') return [name, outcome.result];
    const { reason } = failureOf(outcome);
    return [name, { status: 'unavailable', reason, remedy: 'assay doctor --verbose' }];
  });
  return new Map(await Promise.all(probed));
}
