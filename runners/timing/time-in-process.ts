import { siblingModule } from '../../core/package-root.ts';
import { forkChild } from '../child.ts';
import type { TimedProcess, TimedReply, TimedRequest } from './request.ts';

/** What came of one timed process. */
export type ProcessOutcome =
  | ({ status: 'ok' } & TimedProcess)
  | { status: 'failed'; code: 'crashed' | 'error' | 'timeout'; reason: string; stderrTail: string | null };

/** How long a process may take to end after it has answered. */
const teardownMs = 5000;

/** Times a group in a fresh child process. A crash, an error or `timeoutMs` without an answer is an outcome, not a throw. */
export async function timeInProcess(
  request: TimedRequest,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<ProcessOutcome> {
  const child = forkChild(siblingModule(import.meta.url, './timed-process'));
  const kill = (): boolean => child.process.kill('SIGKILL');
  const timer = setTimeout(kill, timeoutMs);
  signal.addEventListener('abort', kill, { once: true });
  const started = Date.now();
  const replied = new Promise<TimedReply>((resolve) =>
    child.process.once('message', resolve as (message: unknown) => void),
  );
  child.process.send(request);
  const first = await Promise.race([replied, child.ended]);
  clearTimeout(timer);
  if (typeof first === 'string') {
    const timedOut = Date.now() - started >= timeoutMs;
    const reason = timedOut ? `no answer within ${timeoutMs} ms` : `the process ended by ${first}`;
    return {
      status: 'failed',
      code: timedOut ? 'timeout' : 'crashed',
      reason,
      stderrTail: child.stderrTail(),
    };
  }
  // Native code may hang while it is torn down.
  const patience = setTimeout(kill, teardownMs);
  await child.ended;
  clearTimeout(patience);
  signal.removeEventListener('abort', kill);
  if (first.status === 'ok') return first;
  return { status: 'failed', code: 'error', reason: first.reason, stderrTail: child.stderrTail() };
}
