import { siblingModule } from '../../core/package-root.ts';
import { askChild, type ChildAnswer, type ChildConditions } from '../ask-child.ts';
import type { ScenarioMeasurement, ScenarioRequest } from './request.ts';

export type ScenarioProcessOutcome = ChildAnswer<ScenarioMeasurement>;

/** Runs a scenario in a fresh child process. A crash, an error or no answer in time is an outcome, not a throw. */
export async function runInProcess(
  request: ScenarioRequest,
  conditions: ChildConditions,
): Promise<ScenarioProcessOutcome> {
  const module = siblingModule(import.meta.url, './scenario-process');
  return askChild<ScenarioMeasurement>(module, request, conditions);
}
