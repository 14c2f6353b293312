import { Worker } from 'node:worker_threads';

/** A thread, and what rejects once it has ended by itself: from then on it answers nothing. */
export interface Member {
  worker: Worker;
  ended: Promise<never>;
}

/** Starts a thread of a scenario. */
export function startMember(module: URL, workerData: unknown): Member {
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

export async function endMembers(members: readonly Member[]): Promise<void> {
  await Promise.all(members.map(({ worker }) => worker.terminate()));
}
