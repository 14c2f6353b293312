import type { ScenarioEffects } from './load-model.ts';
import { runOffline } from './offline.ts';
import type { ScenarioMeasurement, ScenarioRequest } from './request.ts';
import { runServer } from './server.ts';
import { runMultiStream, runSingleStream } from './streams.ts';
import { runThreadSweep } from './thread-sweep.ts';

/** Puts a model under one kind of load, in this process. */
export function runScenario(
  request: ScenarioRequest,
  effects: ScenarioEffects,
): Promise<ScenarioMeasurement> {
  const { scenario } = request;
  switch (scenario.kind) {
    case 'single-stream':
      return runSingleStream(scenario, request, effects);
    case 'multi-stream':
      return runMultiStream(scenario, request, effects);
    case 'offline':
      return runOffline(scenario, request, effects);
    case 'server':
      return runServer(scenario, request);
    case 'thread-sweep':
      return runThreadSweep(scenario, request, effects);
  }
}
