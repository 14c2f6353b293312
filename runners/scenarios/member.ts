import { Worker } from 'node:worker_threads';
import type { ScenarioRequest } from './request.ts';

/** A thread, and what rejects once it has ended by itself: from then on it answers nothing. */
export interface Member {
  worker: Worker;
  ended: Promise<never>;
}

/** What a thread says once it can be asked. */
interface Ready {
  kind: 'ready';
}

/** Threads of a scenario that are ready, and what each said of it. */
export interface Members<Reply extends Ready> {
  members: readonly Member[];
  ready: readonly Reply[];
  close: () => Promise<void>;
}

/** Starts a thread for each request; resolves when all are ready, and ends them all where one cannot be. */
export async function startMembers<Reply extends Ready>(
  module: URL,
  requests: readonly ScenarioRequest[],
): Promise<Members<Reply>> {
  const members = requests.map((request) => startMember(module, request));
  const close = async (): Promise<void> => {
    await Promise.all(members.map(({ worker }) => worker.terminate()));
  };
  try {
    const ready = await Promise.all(members.map((member) => replyOf<Reply>(member, 'ready')));
    return { members, ready, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

function startMember(module: URL, workerData: ScenarioRequest): Member {
  const worker = new Worker(module, { workerData });
  const ended = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`a thread of the scenario ended by itself, with exit code ${code}`));
    });
  });
  // It also ends when it is closed, and then nobody waits for it.
  ended.catch(() => undefined);
  return { worker, ended };
}

/** What a thread says when it cannot do what it was asked. */
export interface MemberFailure {
  kind: 'failed';
  reason: string;
}

/** The next thing a thread says, which must be of this kind. */
export function replyOf<Reply extends { kind: string }>(
  { worker, ended }: Member,
  kind: Reply['kind'],
): Promise<Reply> {
  const replied = new Promise<Reply>((resolve, reject) => {
    worker.once('message', (reply: Reply | MemberFailure) => {
      if (reply.kind === kind) resolve(reply as Reply);
      else reject(new Error('reason' in reply ? reply.reason : `internal: a worker said ${reply.kind}`));
    });
  });
  return Promise.race([replied, ended]);
}
