import { Worker } from 'node:worker_threads';
import { siblingModule } from '../../core/package-root.ts';
import { sum } from '../../core/statistics/summary.ts';
import type { QueryQueue } from './query-queue.ts';
import type { ScenarioRequest } from './request.ts';

/** What a worker tells: once when it is warm, then once a queue. */
export type WorkerReply =
  | { kind: 'ready'; isSteady: boolean; callMs: number }
  | { kind: 'served' }
  | { kind: 'failed'; reason: string };

/** Threads that serve queries together. */
export interface ServerWorkers {
  /** Queries a second that all of them answer when none ever waits. */
  capacity: number;
  isSteady: boolean;
  /** Resolves when all of them have left the queue. */
  serve(queue: QueryQueue): Promise<void>;
  close(): Promise<void>;
}

/** Starts so many threads, each with a session of its own; resolves when all are warm. */
export async function startWorkers(count: number, request: ScenarioRequest): Promise<ServerWorkers> {
  const module = siblingModule(import.meta.url, './server-worker');
  const workers = Array.from({ length: count }, () => new Worker(module, { workerData: request }));
  const close = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  try {
    const ready = await Promise.all(workers.map((worker) => replyOf(worker, 'ready')));
    return {
      capacity: sum(ready.map(({ callMs }) => 1000 / callMs)),
      isSteady: ready.every(({ isSteady }) => isSteady),
      serve: async (queue) => {
        const served = workers.map((worker) => replyOf(worker, 'served'));
        for (const worker of workers) worker.postMessage(queue);
        await Promise.all(served);
      },
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

type Reply<Kind extends WorkerReply['kind']> = Extract<WorkerReply, { kind: Kind }>;

function replyOf<Kind extends WorkerReply['kind']>(worker: Worker, kind: Kind): Promise<Reply<Kind>> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (reply: WorkerReply) => {
      worker.off('error', reject);
      if (reply.kind === kind) resolve(reply as Reply<Kind>);
      else
        reject(new Error(reply.kind === 'failed' ? reply.reason : `internal: a worker said ${reply.kind}`));
    });
  });
}
