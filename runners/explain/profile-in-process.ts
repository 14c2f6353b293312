import { siblingModule } from '../../core/package-root.ts';
import type { Profile } from '../../models/explain/profile.ts';
import { askChild, type ChildAnswer } from '../ask-child.ts';
import type { ProfileRequest } from './profile-calls.ts';

/** Times every node of a model in a fresh child process. A crash, an error or `timeoutMs` without an answer is an outcome, not a throw. */
export function profileInProcess(
  request: ProfileRequest,
  conditions: { timeoutMs: number; signal: AbortSignal },
): Promise<ChildAnswer<{ profile: Profile }>> {
  return askChild(siblingModule(import.meta.url, './profile-process'), request, conditions);
}
