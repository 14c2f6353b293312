/** Entry of a thread that serves queries with a session of its own: warms up, then serves one queue after another. */
import { parentPort, workerData } from 'node:worker_threads';
import { createRandom } from '../../core/random.ts';
import { importRunner } from '../registry.ts';
import { warmUp } from '../timing/warm-up.ts';
import { answerInThread } from './answer-in-thread.ts';
import { callAny } from './call-any.ts';
import { countRows, loadModel, rowsOf } from './load-model.ts';
import type { QueryQueue } from './query-queue.ts';
import type { ScenarioRequest } from './request.ts';
import { serveQueries } from './serve-queries.ts';
import type { WorkerReply } from './server-workers.ts';
import { createSharedClock } from './shared-clock.ts';
import { blockUntil } from './wait-until.ts';

const clock = createSharedClock();

async function start(request: ScenarioRequest): Promise<WorkerReply> {
  const model = await loadModel(request, await importRunner(request.target.runner), request.threads);
  const rows = countRows(request.samples);
  const calls = Array.from({ length: rows }, (_, row) => model.bind(rowsOf(request.samples, row, row + 1)));
  const serve = callAny(calls, createRandom(request.seed));
  const { isSteady, callMs } = await warmUp(serve, { budgetMs: request.budget.warmUpMs, clock });
  const waitUntil = (timeMs: number): void => {
    blockUntil(timeMs, clock);
  };
  const service = { clock, serve, waitUntil };
  parentPort?.on('message', (queue: QueryQueue) => {
    void answerInThread(async (): Promise<WorkerReply> => {
      await serveQueries(queue, service);
      return { kind: 'served' };
    });
  });
  return { kind: 'ready', isSteady, callMs };
}

void answerInThread(() => start(workerData as ScenarioRequest));
