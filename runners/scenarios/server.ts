import type { Scenario } from '../../suites/scenario-schema.ts';
import { findServerRate } from './find-server-rate.ts';
import type { ScenarioMeasurement, ScenarioRequest } from './request.ts';
import { startWorkers } from './server-workers.ts';
import { setUpOf } from './set-up.ts';
import { createSharedClock } from './shared-clock.ts';

/** The highest rate of Poisson arrivals at which a share of the queries meets a latency bound. */
export async function runServer(
  { workers: count, latencyBoundMs, probability }: Extract<Scenario, { kind: 'server' }>,
  request: ScenarioRequest,
): Promise<ScenarioMeasurement> {
  const workers = await startWorkers(count, request);
  try {
    const { seed, level, budget } = request;
    const server = { ...workers, clock: createSharedClock() };
    const found = await findServerRate({ latencyBoundMs, probability, level, seed, budget }, server);
    const asked = { workers: count, latencyBoundMs, probability };
    const result = { scenario: 'server', ...setUpOf(request), ...asked, ...found } as const;
    return { result, unsteady: workers.isSteady ? [] : ['the server'] };
  } finally {
    await workers.close();
  }
}
