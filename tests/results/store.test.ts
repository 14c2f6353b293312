import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { readRun, readRuns } from '../../results/read-runs.ts';
import type { CellRecord, RunRecord } from '../../results/schema.ts';
import { createRunStore, resumeRunStore } from '../../results/store.ts';

const frozen = path.join(import.meta.dirname, '../records/v1/runs/frozen');
let folder = '';
let run: RunRecord;
let record: CellRecord;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'assay-results-'));
  const stored = await readRun(frozen);
  const cell = stored?.records.map((filed) => filed.record).find(({ kind }) => kind === 'cell');
  if (stored === null || cell?.kind !== 'cell') throw new Error('the frozen run is not there');
  ({ run } = stored);
  record = cell;
});

test('what is saved is read back as it was', async () => {
  const store = await createRunStore(folder, run);
  await store.saveRecord(record);
  const {
    runs: [stored],
  } = await readRuns(folder);
  expect(stored?.run).toEqual(run);
  expect(stored?.records.map((filed) => filed.record)).toEqual([record]);
});

test('a run that is already there is refused and kept', async () => {
  await createRunStore(folder, run);
  await expect(createRunStore(folder, { ...run, status: 'interrupted' })).rejects.toThrow('is already there');
  const {
    runs: [stored],
  } = await readRuns(folder);
  expect(stored?.run).toEqual(run);
});

test('a record that breaks the schema is not written', async () => {
  const store = await createRunStore(folder, run);
  const broken = { ...record, durationMs: -1 };
  await expect(store.saveRecord(broken)).rejects.toThrow();
  expect(await readdir(path.join(store.folder, 'records'))).toEqual([]);
});

test('no temporary file is left beside a record', async () => {
  const store = await createRunStore(folder, run);
  await store.saveRecord(record);
  await store.saveRun({ ...run, status: 'complete' });
  expect((await readdir(store.folder)).sort()).toEqual(['predictions', 'records', 'run.json']);
  expect(await readdir(path.join(store.folder, 'records'))).toEqual([`${record.id}.json`]);
});

test('a run that goes on keeps what it has, but not what it was writing when it was killed', async () => {
  const store = await createRunStore(folder, run);
  await store.saveRecord(record);
  await writeFile(path.join(store.folder, 'records', `${record.id}.json.12-0-abcdef.new`), '{');
  await writeFile(path.join(store.folder, 'predictions', 'x.parquet.12-1-abcdef.new'), 'PAR');
  await resumeRunStore(store.folder);
  expect(await readdir(path.join(store.folder, 'records'))).toEqual([`${record.id}.json`]);
  expect(await readdir(path.join(store.folder, 'predictions'))).toEqual([]);
});

test('nothing is written once another has taken the results folder over', async () => {
  let isHeld = true;
  const store = await createRunStore(folder, run, () => {
    if (!isHeld) throw new Error('taken over');
  });
  await store.saveRecord(record);
  isHeld = false;
  await expect(store.saveRecord({ ...record, id: 'b'.repeat(64) })).rejects.toThrow('taken over');
  await expect(store.saveRun({ ...run, status: 'interrupted' })).rejects.toThrow('taken over');
  await expect(store.savePredictions('x', new Uint8Array(1))).rejects.toThrow('taken over');
  const { runs } = await readRuns(folder);
  expect(runs.map((stored) => [stored.run.status, stored.records.length])).toEqual([[run.status, 1]]);
  expect(await readdir(path.join(store.folder, 'predictions'))).toEqual([]);
});
