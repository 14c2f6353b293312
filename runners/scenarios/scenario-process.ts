/** Entry of the process of one scenario: one request in, one reply out, nothing printed. */
import { systemClock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { importRunner } from '../registry.ts';
import type { ScenarioReply, ScenarioRequest } from './request.ts';
import { runScenario } from './run-scenario.ts';

process.once('message', (request: ScenarioRequest) => {
  void answer(request).then((reply) => {
    process.send?.(reply, () => {
      process.disconnect();
    });
  });
});

async function answer(request: ScenarioRequest): Promise<ScenarioReply> {
  try {
    const runner = await importRunner(request.target.runner);
    return { status: 'ok', ...(await runScenario(request, { runner, clock: systemClock })) };
  } catch (thrown) {
    return { status: 'error', reason: messageOf(thrown) };
  }
}
