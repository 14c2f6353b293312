import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AssayError } from '../../core/errors.ts';
import { lockFolder } from '../../results/lock.ts';
import { damagedIn, readRun, readRuns } from '../../results/read-runs.ts';
import { makeCell, makeGroup, makeRun, writeRun } from '../fakes/stored-runs.ts';
import { schemaVersion } from '../../results/schema.ts';

let resultsDir: string;

beforeEach(async () => {
  resultsDir = await mkdtemp(path.join(tmpdir(), 'assay-results-'));
});

afterEach(() => rm(resultsDir, { recursive: true, force: true }));

/** Why the one file that is damaged is left out. */
async function damage(): Promise<AssayError> {
  const damaged = damagedIn(await readRuns(resultsDir));
  expect(damaged).toHaveLength(1);
  return damaged[0]?.error ?? new AssayError('not-found', 'nothing is damaged');
}

test('runs come back oldest first, with their records', async () => {
  await writeRun(resultsDir, makeRun({ id: 'a', startedAt: '2026-11-20T09:00:00.000Z' }), [makeCell()]);
  await writeRun(resultsDir, makeRun({ id: 'b', startedAt: '2026-11-19T09:00:00.000Z' }), [makeGroup()]);
  const { runs } = await readRuns(resultsDir);
  expect(runs.map(({ run, records }) => [run.id, records.map(({ record }) => record.kind)])).toEqual([
    ['b', ['group']],
    ['a', ['cell']],
  ]);
  expect(runs[1]?.records[0]?.record).toEqual(makeCell());
});

test('a results folder that is not there holds no runs', async () => {
  expect(await readRuns(path.join(resultsDir, 'nowhere'))).toEqual({ runs: [], unreadable: [] });
});

test('a run folder in which nothing was written yet is left out', async () => {
  await mkdir(path.join(resultsDir, 'runs', 'just-started', 'records'), { recursive: true });
  expect(await readRuns(resultsDir)).toEqual({ runs: [], unreadable: [] });
});

test('records without their run are left out, and told', async () => {
  const folder = await writeRun(resultsDir, makeRun(), [makeCell()]);
  await rm(path.join(folder, 'run.json'));
  expect((await readRuns(resultsDir)).runs).toEqual([]);
  expect((await damage()).message).toBe(
    `${path.join(folder, 'run.json')} is missing; a run folder holds one beside its records.`,
  );
});

test('a record of a version of the future is refused, with the version and what to do', async () => {
  await writeRun(resultsDir, makeRun(), [
    { ...makeCell(), schemaVersion: schemaVersion + 1, somethingNew: true },
  ]);
  await expect(readRuns(resultsDir)).rejects.toMatchObject({
    code: 'record-newer',
    message: expect.stringMatching(
      /[0-9a-f]{64}\.json has schema version 5; this Assay reads versions up to 4\./,
    ) as string,
    hint: 'npm install @assay/assay@latest',
  });
});

test('a record without a version is damaged', async () => {
  await writeRun(resultsDir, makeRun(), [{ ...makeCell(), schemaVersion: undefined }]);
  expect((await damage()).message).toContain('schemaVersion');
});

test('an invalid record is told by file and field, and the others of its run are there', async () => {
  const cell = makeCell();
  await writeRun(resultsDir, makeRun(), [{ ...cell, durationMs: -3 }, makeGroup()]);
  const error = await damage();
  expect(error.message).toContain(`${path.join('records', `${cell.id}.json`)}:\n  durationMs: `);
  expect(error.message).toContain('found -3');
  const { runs } = await readRuns(resultsDir);
  expect(runs[0]?.records.map(({ record }) => record.kind)).toEqual(['group']);
  await expect(readRun(path.join(resultsDir, 'runs', makeRun().id))).rejects.toThrow('found -3');
});

test('a half-written record is told as no JSON', async () => {
  const folder = await writeRun(resultsDir, makeRun(), []);
  await writeFile(path.join(folder, 'records', 'half.json'), '{"schemaVersion":1,"kind":"ce');
  expect((await damage()).message).toContain('half.json is not valid JSON');
});

test('a file too large for a record is left out unread', async () => {
  const folder = await writeRun(resultsDir, makeRun(), [makeCell()]);
  await truncate(path.join(folder, 'run.json'), 65 * 1024 * 1024);
  expect((await damage()).message).toContain('run.json is 68157440 bytes');
});

test('files beside the records that are no JSON are left alone', async () => {
  const folder = await writeRun(resultsDir, makeRun(), [makeCell()]);
  await writeFile(path.join(folder, 'records', '.DS_Store'), 'x');
  expect((await readRuns(resultsDir)).runs[0]?.records).toHaveLength(1);
});

/** What a run is said to be that was left saying that it is running. */
async function statusOfRunning(): Promise<string | undefined> {
  return (await readRuns(resultsDir)).runs[0]?.run.status;
}

test('a run that says it is running is interrupted once nobody writes it, and its file is left as it was', async () => {
  const folder = await writeRun(resultsDir, makeRun({ id: 'cut', status: 'running' }), [makeCell()]);
  const before = await readFile(path.join(folder, 'run.json'), 'utf8');
  expect(await statusOfRunning()).toBe('interrupted');
  expect(await readFile(path.join(folder, 'run.json'), 'utf8')).toBe(before);

  const lock = await lockFolder(resultsDir, { now: () => '2026-11-20T09:00:00.000Z' });
  await lock.nameRun('another');
  expect(await statusOfRunning()).toBe('interrupted');
  await lock.nameRun('cut');
  expect(await statusOfRunning()).toBe('running');
  lock.unlock();
  expect(await statusOfRunning()).toBe('interrupted');
});

test('a run whose process is gone is interrupted, and one of another machine counts as running', async () => {
  await writeRun(resultsDir, makeRun({ id: 'cut', status: 'running' }), []);
  const { pid } = spawnSync(process.execPath, ['--version']);
  const holder = { pid, host: hostname(), since: '2026-11-20T09:00:00.000Z', run: 'cut' };
  await writeFile(path.join(resultsDir, 'lock.json'), JSON.stringify(holder));
  expect(await statusOfRunning()).toBe('interrupted');
  await writeFile(path.join(resultsDir, 'lock.json'), JSON.stringify({ ...holder, host: 'elsewhere' }));
  expect(await statusOfRunning()).toBe('running');
});
