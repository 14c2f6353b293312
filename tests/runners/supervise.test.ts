import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { startHost, type Host, type HostOptions } from '../../runners/pool/supervise.ts';
import type { CheckTask, EvaluateTask, ProbeTask } from '../../runners/pool/task.ts';
import { createProject } from '../cli/project.ts';
import { endlessModel, hungryModel } from '../fakes/harmful-models.ts';
import { childPids, isAlive } from './child-pids.ts';
import { parseTarget } from '../../suites/target.ts';

const probe: ProbeTask = { kind: 'probe', target: parseTarget('tfjs/cpu') };
const hosts: Host[] = [];

function start(options: HostOptions): Host {
  const host = startHost(options);
  hosts.push(host);
  return host;
}

afterEach(() => {
  for (const host of hosts.splice(0)) host.close();
});

test('a task is answered', async () => {
  const outcome = await start({ workers: 1, timeoutMs: 60_000 }).run(probe);
  expect(outcome).toMatchObject({ status: 'done', result: { status: 'works' } });
});

test('a host that is told whose cells it will evaluate starts before it is asked, and is the one that answers', async () => {
  const host = start({ workers: 2, timeoutMs: 60_000, runners: ['onnxruntime', 'tfjs'] });
  const started = childPids('host.js');
  expect(started).toHaveLength(1);
  expect(await host.run(probe)).toMatchObject({ status: 'done', result: { status: 'works' } });
  expect(childPids('host.js')).toEqual(started);
});

test('a host of very many workers starts the threads that it has work for', async () => {
  const host = start({ workers: 1000, timeoutMs: 60_000, runners: ['onnxruntime'] });
  expect((await host.run(probe)).status).toBe('done');
  const [pid] = childPids('host.js');
  expect(readdirSync(`/proc/${pid}/task`).length).toBeLessThan(100);
});

test('a host that dies under one task is that task’s outcome, and the next task finds a new host', async () => {
  const host = start({ workers: 1, timeoutMs: 60_000 });
  const dying = host.run(probe);
  for (const pid of childPids('host.js')) process.kill(pid, 'SIGSEGV');
  expect(await dying).toMatchObject({
    status: 'failed',
    code: 'crashed',
    reason: expect.stringContaining('SIGSEGV') as string,
  });
  expect((await host.run(probe)).status).toBe('done');
});

test('when a host dies under several tasks, each runs again by itself and the innocent finish', async () => {
  const host = start({ workers: 2, timeoutMs: 60_000 });
  const tasks = [host.run(probe), host.run(probe)];
  for (const pid of childPids('host.js')) process.kill(pid, 'SIGKILL');
  const outcomes = await Promise.all(tasks);
  expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done']);
});

test('a task over its time is recorded as a timeout', async () => {
  const outcome = await start({ workers: 1, timeoutMs: 1 }).run(probe);
  expect(outcome).toMatchObject({ status: 'failed', code: 'timeout', reason: 'no result within 1 ms' });
});

test('a task over its time beside others runs again by itself, with all of its time, and may finish', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const host = start({ workers: 2, timeoutMs: 60_000 });
  const tasks = [host.run(probe), host.run(probe)];
  vi.advanceTimersByTime(60_000);
  const outcomes = await Promise.all(tasks);
  expect(outcomes.map(({ status }) => status)).toEqual(['done', 'done']);
});

test('a task over its time also by itself is recorded as a timeout, and the one beside it finishes', async () => {
  const host = start({ workers: 2, timeoutMs: 60_000 });
  const limits = { timeoutMs: 1, memoryBytes: 2 ** 40 };
  const endless = await evaluationOf(endlessModel());
  const outcomes = await Promise.all([host.run(endless, limits), host.run(probe)]);
  expect(outcomes).toMatchObject([{ status: 'failed', code: 'timeout' }, { status: 'done' }]);
});

test('an error in a worker is told with its message', async () => {
  const unknown = {
    kind: 'probe',
    target: { ...parseTarget('tfjs/cpu'), runner: 'nothing' },
  } as unknown as ProbeTask;
  const outcome = await start({ workers: 1, timeoutMs: 60_000 }).run(unknown);
  expect(outcome).toMatchObject({ status: 'failed', code: 'error' });
});

test('a task that takes more memory than its limit is out of memory, with figures; the one beside it finishes', async () => {
  const hungry = await evaluationOf(hungryModel());
  const check: CheckTask = {
    kind: 'check',
    target: hungry.target,
    artifact: { ...hungry.artifact, path: path.join(path.dirname(hungry.artifact.path), 'mine.onnx') },
    dataset: hungry.dataset,
    task: { kind: 'regression' },
  };
  const host = start({ workers: 2, timeoutMs: 60_000 });
  const limits = { timeoutMs: 60_000, memoryBytes: 400 * 2 ** 20 };
  const outcomes = await Promise.all([host.run(hungry, limits), host.run(check, limits)]);
  expect(outcomes).toMatchObject([
    {
      status: 'failed',
      code: 'out-of-memory',
      reason: expect.stringMatching(/^the process took \d+ MiB of memory; 400 MiB are allowed$/) as string,
    },
    { status: 'done' },
  ]);
});

test('a task that takes too much is told though it is done before anybody looks, in a host that has served, too', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const hungry = await evaluationOf(hungryModel());
  const host = start({ workers: 2, timeoutMs: 60_000 });
  const limits = { timeoutMs: 60_000, memoryBytes: 400 * 2 ** 20 };
  await host.run(probe, limits);
  const outcomes = await Promise.all([host.run(hungry, limits), host.run(probe, limits)]);
  expect(outcomes).toMatchObject([{ status: 'failed', code: 'out-of-memory' }, { status: 'done' }]);
});

test.runIf(process.platform === 'linux')(
  'what a task took and gave back is not held against the next one',
  async () => {
    const hungry = await evaluationOf(hungryModel());
    const modest = {
      ...hungry,
      artifact: { ...hungry.artifact, path: path.join(path.dirname(hungry.artifact.path), 'mine.onnx') },
    };
    const host = start({ workers: 1, timeoutMs: 60_000 });
    const free = { timeoutMs: 60_000, memoryBytes: 2 ** 40 };
    await host.run(hungry, free);
    // Takes the place of the other model.
    await host.run(modest, free);
    const pids = childPids('host.js');
    const outcome = await host.run(probe, { timeoutMs: 60_000, memoryBytes: 1200 * 2 ** 20 });
    expect(outcome).toMatchObject({ status: 'done' });
    expect(childPids('host.js')).toEqual(pids);
  },
);

test('closing a host fails what it is doing, what waits, and what it is asked for later', async () => {
  const host = start({ workers: 1, timeoutMs: 60_000 });
  const before = [host.run(probe), host.run(probe)];
  host.close();
  const outcomes = await Promise.all([...before, host.run(probe)]);
  const reason = 'the runner host was ended before this was done';
  expect(outcomes).toMatchObject(outcomes.map(() => ({ status: 'failed', code: 'error', reason })));
});

test('a host that is closed tells when its process has ended', async () => {
  const host = start({ workers: 1, timeoutMs: 60_000 });
  await host.run(probe);
  const [pid = 0] = childPids('host.js');
  host.close();
  await host.closed();
  expect(isAlive(pid)).toBe(false);
  // One that never started has nothing to wait for.
  const idle = start({ workers: 1, timeoutMs: 60_000 });
  idle.close();
  await idle.closed();
});

/** Of a model that takes what the project's own data give. */
async function evaluationOf(model: Uint8Array): Promise<EvaluateTask> {
  const { folder, write } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await write('harmful.onnx', model);
  return {
    kind: 'evaluate',
    target: parseTarget('onnxruntime/cpu'),
    dataset: path.join(folder, 'mine.dataset.json'),
    artifact: { format: 'onnx', path: path.join(folder, 'harmful.onnx') },
    sizeBytes: model.length,
    task: { kind: 'regression' },
    metrics: ['mse'],
    level: 0.95,
    seed: 1,
  };
}
