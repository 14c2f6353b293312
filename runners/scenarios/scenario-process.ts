/** Entry of the process of one scenario. */
import { systemClock } from '../../core/clock.ts';
import { answerOnce } from '../answer-once.ts';
import { importRunner } from '../registry.ts';
import type { ScenarioRequest } from './request.ts';
import { runScenario } from './run-scenario.ts';

answerOnce(async (request: ScenarioRequest) => {
  const runner = await importRunner(request.target.runner);
  return runScenario(request, { runner, clock: systemClock });
});
