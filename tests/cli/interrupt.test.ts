import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readRuns } from '../../results/read-runs.ts';
import { sha256 } from '../../core/hash.ts';
import { endlessParquet } from '../fakes/endless-parquet.ts';
import { endlessModel } from '../fakes/harmful-models.ts';
import { cpuTicks, isAlive } from '../runners/child-pids.ts';
import { createProject, datasetManifest, startCli, startInterrupted, suite } from './project.ts';

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

async function interruptOnce(child: ChildProcess, isTime: () => boolean): Promise<Ending> {
  const ending = endingOf(child);
  await expect.poll(isTime, { timeout: 60_000, interval: 5 }).toBe(true);
  child.kill('SIGINT');
  return ending;
}

/** Whether a process has a child, as Linux tells it; the CLI forks none before the models are checked. */
function hasChild(pid: number | undefined): boolean {
  return childrenOf(pid).length > 0;
}

function childrenOf(pid: number | undefined): number[] {
  const lists = readdirSync(`/proc/${pid}/task`).map((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim(),
  );
  return lists.flatMap((list) => (list === '' ? [] : list.split(' ').map(Number)));
}

test('Ctrl-C while modules are loaded ends with 130 and a word', async () => {
  const { folder } = await project();
  const ending = await endingOf(startInterrupted(folder, '/cli/app.ts', 'run', 'mine.suite.json'));
  expect(ending).toEqual({ exitCode: 130, stderr: `${early}\n` });
});

test('a command that measures nothing just says that it was interrupted', async () => {
  const { folder } = await project();
  const ending = await endingOf(startInterrupted(folder, '/cli/app.ts', 'list'));
  expect(ending).toEqual({ exitCode: 130, stderr: 'Interrupted.\n' });
});

test('Ctrl-C while models are checked ends with 130 at once and leaves no run', async () => {
  const { folder } = await project();
  const child = startCli(folder, 'run', 'mine.suite.json');
  const { exitCode, stderr } = await interruptOnce(child, () => hasChild(child.pid));
  expect(stderr).toContain(early);
  expect(exitCode).toBe(130);
  expect(await readdir(folder)).not.toContain('assay-results');
});

test('Ctrl-C while variants are built ends with 130 and builds no other', async () => {
  const { folder, write } = await project();
  const variants = Array.from({ length: 60 }, (_, index) => `prune-magnitude-${index + 20}+int8-dynamic`);
  await write('mine.suite.json', JSON.stringify({ ...suite, variants }));
  const built = path.join(folder, '.assay/variants');
  const child = startCli(folder, 'run', '--quick', '--results', 'my runs', 'mine.suite.json');
  const { exitCode, stderr } = await interruptOnce(child, () => readdirOrNone(built).length > 0);
  expect(stderr).toContain('Interrupted. What was finished is kept in');
  expect(stderr).toContain("Next: assay run --quick --results 'my runs' mine.suite.json\n");
  expect(exitCode).toBe(130);
  expect(readdirOrNone(built).length).toBeLessThan(variants.length);
  const {
    runs: [stored],
  } = await readRuns(path.join(folder, 'my runs'));
  const finishedAt: unknown = expect.any(String);
  expect(stored).toMatchObject({ run: { status: 'interrupted', finishedAt }, records: [] });
});

test('Ctrl-C while a variant is built that never comes to an end ends with 130', async () => {
  const { folder, write } = await project();
  await write('mine.onnx', endlessModel());
  await write('mine.suite.json', JSON.stringify({ ...suite, variants: ['int8-static'] }));
  const child = startCli(folder, 'run', 'mine.suite.json');
  const built = path.join(folder, '.assay/variants');
  const { exitCode, stderr } = await interruptOnce(child, () => readdirOrNone(built).length > 0);
  expect(stderr).toContain('Interrupted. What was finished is kept in');
  expect(exitCode).toBe(130);
});

test('kill -9 while a variant is built that never comes to an end leaves no process behind', async () => {
  const { folder, write } = await project();
  await write('mine.onnx', endlessModel());
  await write('mine.suite.json', JSON.stringify({ ...suite, variants: ['int8-static'] }));
  const child = startCli(folder, 'run', 'mine.suite.json');
  const ended = endingOf(child);
  // All else that is done for so small a model takes a fraction of this: native code is at it by then.
  const isAtWork = (): boolean => childrenOf(child.pid).some((pid) => cpuTicks(pid) > 500);
  await expect.poll(isAtWork, { timeout: 60_000 }).toBe(true);
  const pids = childrenOf(child.pid);
  onTestFinished(() => {
    for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL');
  });
  child.kill('SIGKILL');
  await ended;
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
});

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
