import { expect, onTestFinished, test } from 'vitest';
import { askChild, type ChildAnswer } from '../../runners/ask-child.ts';
import { forkChild } from '../../runners/child.ts';
import type { Asked } from '../fakes/answering-process.ts';
import { childPids } from './child-pids.ts';

const module = new URL('../fakes/answering-process.ts', import.meta.url);

function ask(
  to: Asked['to'],
  { timeoutMs = 60_000, signal = new AbortController().signal } = {},
): Promise<ChildAnswer<{ pid: number }>> {
  return askChild(module, { to }, { timeoutMs, signal });
}

test('an answer comes from a process of its own, which is gone by then', async () => {
  const answer = await ask('answer');
  expect(answer).toEqual({ status: 'ok', pid: expect.any(Number) as number });
  expect(childPids('answering-process')).toEqual([]);
});

test.each([
  ['throw', { code: 'error', reason: 'no such thing' }],
  ['crash', { code: 'crashed', reason: 'the process ended by signal SIGSEGV' }],
] as const)('a process that is to %s fails with what happened', async (to, expected) => {
  expect(await ask(to)).toEqual({ status: 'failed', stderrTail: null, ...expected });
});

test('no answer in time is a timeout', async () => {
  const expected = { code: 'timeout', reason: 'no answer within 300 ms' };
  expect(await ask('hang', { timeoutMs: 300 })).toMatchObject(expected);
});

test('a question asked after an abort ends at once', async () => {
  const answer = await ask('hang', { signal: AbortSignal.abort() });
  expect(answer).toMatchObject({ code: 'crashed', reason: 'the process ended by signal SIGKILL' });
});

test('a process at work ends when its parent is gone', async () => {
  const child = forkChild(module);
  onTestFinished(() => void child.process.kill('SIGKILL'));
  child.process.send({ to: 'hang' } satisfies Asked, () => {
    child.process.disconnect();
  });
  expect(await child.ended).toBe('exit code 0');
});
