import { hashOf } from '../core/hash.ts';
import type { Target } from '../suites/target.ts';
import type { PlannedSuite } from './plan.ts';

/** The targets of some suites, each once. */
export function targetsOf(planned: readonly PlannedSuite[]): Target[] {
  const targets = planned.flatMap(({ groups }) => groups.map(({ target }) => target));
  return [...new Map(targets.map((target) => [hashOf(target), target])).values()];
}
