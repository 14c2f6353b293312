import { forkChild, type Child } from './child.ts';

/** What came of one question to a fresh child process. */
export type ChildAnswer<Reply> =
  | { status: 'replied'; reply: Reply; stderrTail: string | null }
  | { status: 'failed'; code: 'crashed' | 'timeout'; reason: string; stderrTail: string | null };

/** How long a process may take to end after it has answered. */
const teardownMs = 5000;

/** Forks a module, sends it one request and waits for its one reply. A crash or `timeoutMs` without a reply is an outcome. */
export async function askChild<Reply>(
  module: URL,
  request: object,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<ChildAnswer<Reply>> {
  const child = forkChild(module);
  const kill = (): boolean => child.process.kill('SIGKILL');
  const timer = setTimeout(kill, timeoutMs);
  signal.addEventListener('abort', kill, { once: true });
  const started = Date.now();
  const first = await Promise.race([replyOf(child, request), child.ended]);
  clearTimeout(timer);
  if (typeof first === 'string') {
    const stderrTail = child.stderrTail();
    if (Date.now() - started < timeoutMs)
      return { status: 'failed', code: 'crashed', reason: `the process ended by ${first}`, stderrTail };
    return { status: 'failed', code: 'timeout', reason: `no answer within ${timeoutMs} ms`, stderrTail };
  }
  // Native code may hang while it is torn down.
  const patience = setTimeout(kill, teardownMs);
  await child.ended;
  clearTimeout(patience);
  signal.removeEventListener('abort', kill);
  return { status: 'replied', reply: first.reply as Reply, stderrTail: child.stderrTail() };
}

function replyOf(child: Child, request: object): Promise<{ reply: unknown }> {
  const replied = new Promise<{ reply: unknown }>((resolve) =>
    child.process.once('message', (reply) => {
      resolve({ reply });
    }),
  );
  child.process.send(request);
  return replied;
}
