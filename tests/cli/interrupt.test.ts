import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sum } from '../../core/statistics/summary.ts';
import { readRuns } from '../../results/read-runs.ts';
import { sha256 } from '../../core/hash.ts';
import { endlessParquet } from '../fakes/endless-parquet.ts';
import { endlessModel } from '../fakes/harmful-models.ts';
import { cpuTicks, isAlive } from '../runners/child-pids.ts';
import {
  createProject,
  datasetManifest,
  startAtFault,
  startCli,
  startInterrupted,
  startInterruptedAtFork,
  suite,
} from './project.ts';

const early = 'Interrupted before anything was measured.';

interface Ending {
  exitCode: number | null;
  stderr: string;
}

/** A project whose folder goes with the test. */
async function project(): Promise<Awaited<ReturnType<typeof createProject>>> {
  const made = await createProject();
  onTestFinished(() => rm(made.folder, { recursive: true, force: true }));
  return made;
}

/** How a command line ends; one that outlives its test is killed. */
function endingOf(child: ChildProcess): Promise<Ending> {
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  return new Promise((resolve) => {
    child.once('close', (exitCode) => {
      resolve({ exitCode, stderr });
    });
  });
}

async function interruptOnce(
  child: ChildProcess,
  isTime: () => boolean,
  signal: NodeJS.Signals = 'SIGINT',
): Promise<Ending> {
  const ending = endingOf(child);
  await expect.poll(isTime, { timeout: 120_000, interval: 5 }).toBe(true);
  child.kill(signal);
  return ending;
}

function childrenOf(pid: number | undefined): number[] {
  const lists = readdirSync(`/proc/${pid}/task`).map((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim(),
  );
  return lists.flatMap((list) => (list === '' ? [] : list.split(' ').map(Number)));
}

test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s while modules are loaded ends with 130 and a word',
  async (signal) => {
    const { folder } = await project();
    const started = startInterrupted(folder, { module: '/app-', signal }, 'run', 'mine.suite.json');
    expect(await endingOf(started)).toEqual({ exitCode: 130, stderr: `${early}\n` });
  },
);

test('a command that measures nothing just says that it was interrupted', async () => {
  const { folder } = await project();
  const ending = await endingOf(startInterrupted(folder, { module: '/app-' }, 'list'));
  expect(ending).toEqual({ exitCode: 130, stderr: 'Interrupted.\n' });
});

test('a fault that nobody waits for ends with 5, not with the 1 of a failed gate', async () => {
  const { folder } = await project();
  const { exitCode, stderr } = await endingOf(startAtFault(folder, '/app-', 'list'));
  expect(stderr).toContain('Error: lost');
  expect(exitCode).toBe(5);
});

test('Ctrl-C while models are checked ends with 130 at once and leaves no run', async () => {
  const { folder } = await project();
  const { exitCode, stderr } = await endingOf(startInterruptedAtFork(folder, 'run', 'mine.suite.json'));
  expect(stderr).toContain(early);
  expect(exitCode).toBe(130);
  expect(await readdir(folder)).not.toContain('assay-results');
});

test('Ctrl-C while a variant is built that never comes to an end ends with 130 and builds no other', async () => {
  const { folder, write } = await project();
  await write('mine.onnx', endlessModel());
  const variants = ['int8-static', 'int8-dynamic', 'prune-magnitude-50'];
  await write('mine.suite.json', JSON.stringify({ ...suite, variants }));
  const built = path.join(folder, '.assay/variants');
  const limits = ['--workers', '1', '--timeout', '90m', '--cell-timeout', '90s', '--memory-limit', '20GB'];
  const child = startCli(folder, 'run', ...limits, '--quick', '--results', 'my runs', 'mine.suite.json');
  const { exitCode, stderr } = await interruptOnce(child, () => readdirOrNone(built).length > 0);
  expect(stderr).toContain('Interrupted. What was finished is kept in');
  expect(stderr).toContain(
    "Next: assay run --quick --results 'my runs' --workers 1 --timeout 90m --cell-timeout 90s --memory-limit 20GB mine.suite.json\n",
  );
  expect(exitCode).toBe(130);
  expect(readdirOrNone(built).length).toBeLessThan(variants.length);
  const {
    runs: [stored],
  } = await readRuns(path.join(folder, 'my runs'));
  const finishedAt: unknown = expect.any(String);
  expect(stored).toMatchObject({ run: { status: 'interrupted', finishedAt }, records: [] });
});

test('a terminal that is closed ends a run as Ctrl-C does', async () => {
  const { folder, write } = await project();
  await write('mine.onnx', endlessModel());
  await write('mine.suite.json', JSON.stringify({ ...suite, variants: ['int8-static'] }));
  const child = startCli(folder, 'run', 'mine.suite.json');
  const runs = path.join(folder, 'assay-results/runs');
  const { exitCode, stderr } = await interruptOnce(child, () => readdirOrNone(runs).length > 0, 'SIGHUP');
  expect(stderr).toContain('Interrupted. What was finished is kept in');
  expect(exitCode).toBe(130);
  expect(await readdir(path.dirname(runs))).toEqual(['runs']);
});

test('kill -9 while a variant is built that never comes to an end leaves no process behind', async () => {
  const { folder, write } = await project();
  await write('mine.onnx', endlessModel());
  await write('mine.suite.json', JSON.stringify({ ...suite, variants: ['int8-static'] }));
  const child = startCli(folder, 'run', 'mine.suite.json');
  const ended = endingOf(child);
  const built = path.join(folder, '.assay/variants');
  await expect.poll(() => readdirOrNone(built).length, { timeout: 120_000 }).toBeGreaterThan(0);
  // All else that is done for so small a model takes a fraction of this: native code is at it by then.
  const pids = childrenOf(child.pid);
  const ticks = ticksOf(pids) + 200;
  await expect.poll(() => ticksOf(pids), { timeout: 120_000 }).toBeGreaterThan(ticks);
  onTestFinished(() => {
    for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL');
  });
  child.kill('SIGKILL');
  await ended;
  await expect.poll(() => pids.filter(isAlive), { timeout: 30_000 }).toEqual([]);
});

/** Hundredths of a second of processor time that living processes have taken. */
function ticksOf(pids: readonly number[]): number {
  return sum(pids.filter(isAlive).map(cpuTicks));
}

function readdirOrNone(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

test('the time of a run bounds the reading of its data, too', async () => {
  const made = await project();
  const bytes = endlessParquet();
  const manifest = { ...datasetManifest(''), sha256: sha256(bytes), sizeBytes: bytes.length };
  await made.write('mine.csv', bytes);
  await made.write('mine.dataset.json', JSON.stringify({ ...manifest, format: { kind: 'parquet' } }));
  const { exitCode, stderr } = await endingOf(
    startCli(made.folder, 'run', '--timeout', '2s', 'mine.suite.json'),
  );
  expect(stderr).toContain('The time of the run was up before anything was measured.');
  expect(exitCode).toBe(4);
});
