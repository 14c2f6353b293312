import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../core/errors.ts';
import type { MemberFailure } from './member.ts';

/** Does, in a thread of a scenario, what it was asked, and says what came of it or why it failed. */
export async function answerInThread(work: () => Promise<{ kind: string }>): Promise<void> {
  const failed = (thrown: unknown): MemberFailure => ({ kind: 'failed', reason: messageOf(thrown) });
  parentPort?.postMessage(await work().catch(failed));
}
