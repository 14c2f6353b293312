import type { ScenarioResult } from '../../results/scenario-schema.ts';
import { countRows } from './load-model.ts';
import type { ScenarioRequest } from './request.ts';

/** How the queries were made, for the record. */
export function setUpOf({
  threads,
  seed,
  samples,
}: Pick<ScenarioRequest, 'threads' | 'seed' | 'samples'>): Pick<
  ScenarioResult,
  'threads' | 'seed' | 'distinctSamples'
> {
  return { threads, seed, distinctSamples: countRows(samples) };
}
