import { parseTarget } from '../suites/target.ts';
import { failureOf, type Host } from './pool/supervise.ts';
import type { Probe } from './runner.ts';

/** Proves each target by a tiny inference in the host; a native crash of one is its answer. */
export async function probeTargets(names: readonly string[], host: Host): Promise<Map<string, Probe>> {
  const probed = names.map(async (name): Promise<[string, Probe]> => {
    const outcome = await host.run({ kind: 'probe', target: parseTarget(name) });
    if (outcome.status === 'done') return [name, outcome.result];
    const { reason } = failureOf(outcome);
    return [name, { status: 'unavailable', reason, remedy: 'assay doctor --verbose' }];
  });
  return new Map(await Promise.all(probed));
}
