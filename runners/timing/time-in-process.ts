import { siblingModule } from '../../core/package-root.ts';
import { askChild, type ChildAnswer } from '../ask-child.ts';
import type { TimedProcess, TimedRequest } from './request.ts';

/** What came of one timed process. */
export type ProcessOutcome = ChildAnswer<TimedProcess>;

/** Times a group in a fresh child process. A crash, an error or `timeoutMs` without an answer is an outcome, not a throw. */
export async function timeInProcess(
  request: TimedRequest,
  conditions: { timeoutMs: number; signal: AbortSignal },
): Promise<ProcessOutcome> {
  return askChild<TimedProcess>(siblingModule(import.meta.url, './timed-process'), request, conditions);
}
