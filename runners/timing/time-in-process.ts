import { siblingModule } from '../../core/package-root.ts';
import { askChild, type ChildAnswer, type ChildConditions } from '../ask-child.ts';
import type { TimedProcess, TimedRequest } from './request.ts';

/** What came of one timed process. */
export type ProcessOutcome = ChildAnswer<TimedProcess>;

/** Times a group in a fresh child process. A crash, an error, too much memory or no answer in time is an outcome, not a throw. */
export async function timeInProcess(
  request: TimedRequest,
  conditions: ChildConditions,
): Promise<ProcessOutcome> {
  return askChild<TimedProcess>(siblingModule(import.meta.url, './timed-process'), request, conditions);
}
