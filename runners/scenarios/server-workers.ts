import { siblingModule } from '../../core/package-root.ts';
import { sum } from '../../core/statistics/summary.ts';
import { replyOf, startMembers, type MemberFailure } from './member.ts';
import type { QueryQueue } from './query-queue.ts';
import type { ScenarioRequest } from './request.ts';

/** What a worker tells: once when it is warm, then once a queue. */
export type WorkerReply =
  { kind: 'ready'; isSteady: boolean; callMs: number } | { kind: 'served' } | MemberFailure;

/** Threads that serve queries together. */
export interface ServerWorkers {
  /** Queries a second that all of them answer when none ever waits. */
  capacity: number;
  isSteady: boolean;
  /** Resolves when all of them have left the queue. */
  serve(queue: QueryQueue): Promise<void>;
  close(): Promise<void>;
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
  const requests = Array.from({ length: count }, (_, index) => ({ ...request, seed: request.seed + index }));
  const { members, ready, close } = await startMembers<Reply<'ready'>>(module, requests);
  return {
    capacity: sum(ready.map(({ callMs }) => 1000 / callMs)),
    isSteady: ready.every(({ isSteady }) => isSteady),
    serve: async (queue) => {
      const served = members.map((member) => replyOf<Reply<'served'>>(member, 'served'));
      for (const { worker } of members) worker.postMessage(queue);
      await Promise.all(served);
    },
    close,
  };
}

type Reply<Kind extends WorkerReply['kind']> = Extract<WorkerReply, { kind: Kind }>;
