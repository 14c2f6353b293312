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

/** A thread, and what rejects once it has ended by itself: from then on it answers nothing. */
interface Member {
  worker: Worker;
  ended: Promise<never>;
}

/**
 * Starts so many threads, each with a session of its own; resolves when all are warm. Each draws its samples from a seed
 * of its own. A thread that ends, however quietly, rejects what it is waited for.
 */
export async function startWorkers(
  count: number,
  request: ScenarioRequest,
  module: URL = siblingModule(import.meta.url, './server-worker'),
): Promise<ServerWorkers> {
  const members = Array.from({ length: count }, (_, index) =>
    startMember(module, { ...request, seed: request.seed + index }),
  );
  const close = async (): Promise<void> => {
    await Promise.all(members.map(({ worker }) => worker.terminate()));
  };
  try {
    const ready = await Promise.all(members.map((member) => replyOf(member, 'ready')));
    return {
      capacity: sum(ready.map(({ callMs }) => 1000 / callMs)),
      isSteady: ready.every(({ isSteady }) => isSteady),
      serve: async (queue) => {
        const served = members.map((member) => replyOf(member, 'served'));
        for (const { worker } of members) worker.postMessage(queue);
        await Promise.all(served);
      },
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

function startMember(module: URL, request: ScenarioRequest): Member {
  const worker = new Worker(module, { workerData: request });
  const ended = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`a thread of the server ended by itself, with exit code ${code}`));
    });
  });
  // It also ends when it is closed, and then nobody waits for it.
  ended.catch(() => undefined);
  return { worker, ended };
}

type Reply<Kind extends WorkerReply['kind']> = Extract<WorkerReply, { kind: Kind }>;

function replyOf<Kind extends WorkerReply['kind']>(
  { worker, ended }: Member,
  kind: Kind,
): Promise<Reply<Kind>> {
  const replied = new Promise<Reply<Kind>>((resolve, reject) => {
    worker.once('message', (reply: WorkerReply) => {
      if (reply.kind === kind) resolve(reply as Reply<Kind>);
      else
        reject(new Error(reply.kind === 'failed' ? reply.reason : `internal: a worker said ${reply.kind}`));
    });
  });
  return Promise.race([replied, ended]);
}
