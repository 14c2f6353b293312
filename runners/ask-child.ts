import type { Reply } from './answer-once.ts';
import { forkChild, reasonOf, type Child, type ChildEnd, type ProcessFailure } from './child.ts';
import { freeMemoryBytes } from './limits.ts';
import { codeOfError } from './out-of-memory.ts';

/** What came of one question to a fresh child process. */
export type ChildAnswer<Answer> = ({ status: 'ok' } & Answer) | ProcessFailure;

/** How long a process may take to end after it has answered. */
const teardownMs = 5000;

export interface ChildConditions {
  timeoutMs: number;
  /** Nine tenths of what is free where left out. */
  memoryBytes?: number;
  signal: AbortSignal;
}

/**
 * Forks a module that answers once, sends it one request and waits for its reply. A crash, an error, too much memory or no
 * reply in time is an outcome, not a throw; an abort kills the process, which is a crash.
 */
export async function askChild<Answer>(
  module: URL,
  request: object,
  { timeoutMs, memoryBytes = freeMemoryBytes(), signal }: ChildConditions,
): Promise<ChildAnswer<Answer>> {
  const child = forkChild(module, { memoryLimit: () => memoryBytes });
  const kill = (): boolean => child.process.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  try {
    return await answerOf<Answer>(child, request, timeoutMs);
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

async function answerOf<Answer>(
  child: Child,
  request: object,
  timeoutMs: number,
): Promise<ChildAnswer<Answer>> {
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
    child.process.kill('SIGKILL');
  }, timeoutMs);
  const first = await Promise.race([replyOf<Answer>(child, request), child.ended]);
  clearTimeout(timer);
  const isTooLarge = 'status' in first && (await child.isBeyondMemory());
  if (child.process.connected) child.process.send('seen');
  const end = await endOf(child);
  const failed = (code: ProcessFailure['code'], reason: string): ProcessFailure => ({
    status: 'failed',
    code,
    reason,
    stderrTail: child.stderrTail(),
  });
  if ('status' in first && !isTooLarge)
    return first.status === 'ok' ? first : failed(codeOfError(first.reason), first.reason);
  return late.signal.aborted
    ? failed('timeout', `no answer within ${timeoutMs} ms`)
    : failed(end.code, reasonOf(end));
}

function replyOf<Answer>(child: Child, request: object): Promise<Reply<Answer>> {
  const replied = new Promise<Reply<Answer>>((resolve) =>
    child.process.once('message', (reply) => {
      resolve(reply as Reply<Answer>);
    }),
  );
  child.process.send(request);
  return replied;
}

/** Native code may hang while it is torn down. */
async function endOf(child: Child): Promise<ChildEnd> {
  const patience = setTimeout(() => child.process.kill('SIGKILL'), teardownMs);
  const end = await child.ended;
  clearTimeout(patience);
  return end;
}
