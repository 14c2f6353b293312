import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AssayError } from '../../core/errors.ts';
import { readRuns } from '../../results/read-runs.ts';
import { makeCell, makeGroup, makeRun, writeRun } from '../fakes/stored-runs.ts';
import { schemaVersion } from '../../results/schema.ts';

let resultsDir: string;

beforeEach(async () => {
  resultsDir = await mkdtemp(path.join(tmpdir(), 'assay-results-'));
});

afterEach(() => rm(resultsDir, { recursive: true, force: true }));

async function failureOf(reading: Promise<unknown>): Promise<AssayError> {
  try {
    await reading;
  } catch (thrown) {
    if (thrown instanceof AssayError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

test('runs come back oldest first, with their records', async () => {
  await writeRun(resultsDir, makeRun({ id: 'a', startedAt: '2026-11-20T09:00:00.000Z' }), [makeCell()]);
  await writeRun(resultsDir, makeRun({ id: 'b', startedAt: '2026-11-19T09:00:00.000Z' }), [makeGroup()]);
  const runs = await readRuns(resultsDir);
  expect(runs.map(({ run, records }) => [run.id, records.map(({ record }) => record.kind)])).toEqual([
    ['b', ['group']],
    ['a', ['cell']],
  ]);
  expect(runs[1]?.records[0]?.record).toEqual(makeCell());
});

test('a results folder that is not there holds no runs', async () => {
  expect(await readRuns(path.join(resultsDir, 'nowhere'))).toEqual([]);
});

test('a run folder in which nothing was written yet is left out', async () => {
  await mkdir(path.join(resultsDir, 'runs', 'just-started', 'records'), { recursive: true });
  expect(await readRuns(resultsDir)).toEqual([]);
});

test('records without their run are refused', async () => {
  const folder = await writeRun(resultsDir, makeRun(), [makeCell()]);
  await rm(path.join(folder, 'run.json'));
  const error = await failureOf(readRuns(resultsDir));
  expect(error.message).toBe(
    `${path.join(folder, 'run.json')} is missing; a run folder holds one beside its records.`,
  );
});

test('a record of a version of the future is refused, with the version and what to do', async () => {
  await writeRun(resultsDir, makeRun(), [
    { ...makeCell(), schemaVersion: schemaVersion + 1, somethingNew: true },
  ]);
  const error = await failureOf(readRuns(resultsDir));
  expect(error.code).toBe('record-newer');
  expect(error.message).toMatch(
    /-?cell|[0-9a-f]{64}\.json has schema version 4; this Assay reads versions up to 3\./,
  );
  expect(error.hint).toBe('npm install @assay/assay@latest');
});

test('a record without a version is refused', async () => {
  await writeRun(resultsDir, makeRun(), [{ ...makeCell(), schemaVersion: undefined }]);
  expect((await failureOf(readRuns(resultsDir))).message).toContain('schemaVersion');
});

test('an invalid record is refused by file and field', async () => {
  const cell = makeCell();
  await writeRun(resultsDir, makeRun(), [{ ...cell, durationMs: -3 }]);
  const error = await failureOf(readRuns(resultsDir));
  expect(error.message).toContain(`${path.join('records', `${cell.id}.json`)}:\n  durationMs: `);
  expect(error.message).toContain('found -3');
});

test('a half-written record is refused as no JSON', async () => {
  const folder = await writeRun(resultsDir, makeRun(), []);
  await writeFile(path.join(folder, 'records', 'half.json'), '{"schemaVersion":1,"kind":"ce');
  expect((await failureOf(readRuns(resultsDir))).message).toContain('half.json is not valid JSON');
});

test('a file too large for a record is refused unread', async () => {
  const folder = await writeRun(resultsDir, makeRun(), [makeCell()]);
  await truncate(path.join(folder, 'run.json'), 65 * 1024 * 1024);
  expect((await failureOf(readRuns(resultsDir))).message).toContain('run.json is 68157440 bytes');
});

test('files beside the records that are no JSON are left alone', async () => {
  const folder = await writeRun(resultsDir, makeRun(), [makeCell()]);
  await writeFile(path.join(folder, 'records', '.DS_Store'), 'x');
  expect((await readRuns(resultsDir))[0]?.records).toHaveLength(1);
});
