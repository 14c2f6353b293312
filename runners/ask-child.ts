import type { Reply } from './answer-once.ts';
import { forkChild, type Child, type ProcessFailure } from './child.ts';

/** What came of one question to a fresh child process. */
export type ChildAnswer<Answer> = ({ status: 'ok' } & Answer) | ProcessFailure;

/** How long a process may take to end after it has answered. */
const teardownMs = 5000;

/**
 * Forks a module that answers once, sends it one request and waits for its reply. A crash, an error or `timeoutMs` without
 * a reply is an outcome, not a throw; an abort kills the process, which is a crash.
 */
export async function askChild<Answer>(
  module: URL,
  request: object,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<ChildAnswer<Answer>> {
  const child = forkChild(module);
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
  const failed = (code: ProcessFailure['code'], reason: string): ProcessFailure => ({
    status: 'failed',
    code,
    reason,
    stderrTail: child.stderrTail(),
  });
  if (typeof first === 'string')
    return late.signal.aborted
      ? failed('timeout', `no answer within ${timeoutMs} ms`)
      : failed('crashed', `the process ended by ${first}`);
  await endOf(child);
  return first.status === 'ok' ? first : failed('error', first.reason);
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
async function endOf(child: Child): Promise<void> {
  const patience = setTimeout(() => child.process.kill('SIGKILL'), teardownMs);
  await child.ended;
  clearTimeout(patience);
}
