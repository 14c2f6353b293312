import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { askChild, type ChildAnswer, type ChildConditions } from '../../runners/ask-child.ts';
import { forkChild } from '../../runners/child.ts';
import type { Asked } from '../fakes/answering-process.ts';
import { childPids, isAlive } from './child-pids.ts';

const module = new URL('../fakes/answering-process.ts', import.meta.url);

function ask(
  to: Asked['to'],
  conditions: Partial<ChildConditions> = {},
): Promise<ChildAnswer<{ pid: number }>> {
  return askChild(module, { to }, { timeoutMs: 60_000, signal: new AbortController().signal, ...conditions });
}

test('an answer comes from a process of its own, which is gone by then', async () => {
  const answer = await ask('answer');
  expect(answer).toEqual({ status: 'ok', pid: expect.any(Number) as number });
  expect(childPids('answering-process')).toEqual([]);
});

test('an answer waits for no timer: a second a process would be most of the time of a measurement', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  expect(await ask('answer')).toMatchObject({ status: 'ok' });
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

test('what a process says last before it aborts is kept, whole', async () => {
  const answer = await ask('abort');
  expect(answer).toMatchObject({ code: 'crashed', reason: 'the process ended by signal SIGABRT' });
  expect('stderrTail' in answer && answer.stderrTail).toMatch(/a line before\nthe last words$/);
});

test('a process that takes more memory than it may is ended, with figures', async () => {
  const answer = await ask('grow', { memoryBytes: 300 * 2 ** 20 });
  expect(answer).toMatchObject({
    code: 'out-of-memory',
    reason: expect.stringMatching(/^the process took \d{3} MiB of memory; 300 MiB are allowed$/) as string,
  });
});

test('so is one that answers before anybody looks at it again', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  expect(await ask('answer', { memoryBytes: 2 ** 20 })).toMatchObject({ code: 'out-of-memory' });
  expect(await ask('take and give back', { memoryBytes: 400 * 2 ** 20 })).toMatchObject({
    code: 'out-of-memory',
    reason: expect.stringMatching(/^the process took \d{3} MiB of memory; 400 MiB are allowed$/) as string,
  });
});

test('a process whose JavaScript heap is full is out of memory, with the words of V8', async () => {
  vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=60');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  expect(await ask('fill the heap')).toMatchObject({
    code: 'out-of-memory',
    reason: expect.stringMatching(/^the process ended by signal SIGABRT for want of memory/) as string,
    stderrTail: expect.stringContaining('heap out of memory') as string,
  });
});

test('a question asked after an abort ends at once', async () => {
  const answer = await ask('hang', { signal: AbortSignal.abort() });
  expect(answer).toMatchObject({ code: 'crashed', reason: 'the process ended by signal SIGKILL' });
});

test('a process at work ends when its parent is gone', async () => {
  const child = forkChild(module, { memoryLimit: () => Infinity });
  onTestFinished(() => void child.process.kill('SIGKILL'));
  child.process.send({ to: 'hang' } satisfies Asked, () => {
    child.process.disconnect();
  });
  expect(await child.ended).toMatchObject({ how: 'exit code 0' });
});

test.each([['--eval'], ['-p', '-e'], ['-pe']])(
  'a process whose program is given by %s starts modules, not that program again',
  (...flags) => {
    const source = new URL('../../runners/child.ts', import.meta.url);
    const program = `if (process.argv[1] === undefined) import('${source.href}').then(({ forkChild }) => {
      const { process: child } = forkChild(new URL('${module.href}'), { memoryLimit: () => Infinity });
      console.log('started by', ...child.spawnargs.slice(1));
      child.kill('SIGKILL');
    })`;
    const { stdout } = spawnSync(process.execPath, [...flags, program], { encoding: 'utf8' });
    expect(stdout).toContain(`started by ${fileURLToPath(module)}\n`);
  },
);

test('a process that is blocked ends when its parent is killed, with no program to help but Node', async () => {
  const source = new URL('../../runners/child.ts', import.meta.url);
  // No flag beside `--eval`: a child would inherit it.
  const program = `import('${source.href}').then(({ forkChild }) => {
    const { process: child } = forkChild(new URL('${module.href}'), { memoryLimit: () => Infinity });
    child.stderr.on('data', (chunk) => chunk.includes('blocked') && console.log(child.pid));
    child.send({ to: 'block' });
  })`;
  const parent = spawn(process.execPath, ['--eval', program], { env: { ...process.env, PATH: '' } });
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(said.toString());
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);
});
