import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { hashOf } from '../../core/hash.ts';
import { readRuns, type StoredRun } from '../../results/read-runs.ts';
import { schemaVersion, type RunRecord, type StoredRecord } from '../../results/schema.ts';
import { decodePredictions } from '../../tasks/predictions-parquet.ts';

const versions = path.join(import.meta.dirname, '../records');

/** The records of a whole quick run, which holds as many of each kind as were planned. */
function recordsOf(stored: StoredRun | undefined, planned: RunRecord['planned']): StoredRecord[] {
  expect(stored?.run).toMatchObject({ schemaVersion, status: 'complete', form: 'quick', planned });
  const records = stored?.records.map(({ record }) => record) ?? [];
  const { cells, groups, scenarios } = planned;
  expect(records.map(({ kind }) => kind).sort()).toEqual([
    ...Array<string>(cells).fill('cell'),
    ...Array<string>(groups).fill('group'),
    ...Array<string>(scenarios).fill('scenario'),
  ]);
  return records;
}

test('a run of version 1 is migrated, and always to the same', async () => {
  const {
    runs: [stored],
  } = await readRuns(path.join(versions, 'v1'));
  const records = recordsOf(stored, { cells: 6, groups: 2, scenarios: 0 });
  // What version 2 makes of version 1. A new figure here belongs to a new version and its migration, and to no other edit.
  expect(hashOf(records)).toMatchInlineSnapshot(
    `"05e9695ccf167fcc24029f6222daa28d02b06b39e7e589341df87c6c2090ca15"`,
  );
});

test('predictions of version 1 decode', async () => {
  const {
    runs: [stored],
  } = await readRuns(path.join(versions, 'v1'));
  const folder = path.dirname(stored?.file ?? '');
  const files = stored?.records.flatMap(({ record }) =>
    record.kind === 'cell' && record.outcome.status === 'measured'
      ? (record.outcome.predictions?.file ?? [])
      : [],
  );
  expect(files).toHaveLength(3);
  for (const file of files ?? []) {
    const predictions = await decodePredictions(await readFile(path.join(folder, file)), file);
    expect(predictions).toMatchObject({ kind: 'classification', labels: ['benign', 'malignant'] });
    expect(predictions.ids).toHaveLength(171);
  }
});

test('a run of version 2 reads as it always did', async () => {
  const {
    runs: [stored],
  } = await readRuns(path.join(versions, 'v2'));
  const records = recordsOf(stored, { cells: 4, groups: 2, scenarios: 4 });
  // As above: what differs from this needs a version of its own.
  expect(hashOf(records)).toMatchInlineSnapshot(
    `"107f8fa91716b8de83027e6fd9c4656f237fbb3cb336e53f18a6424d9902ef3f"`,
  );
});

test('a run of version 3 reads as it is', async () => {
  const {
    runs: [stored],
  } = await readRuns(path.join(versions, 'v3'));
  const records = recordsOf(stored, { cells: 4, groups: 2, scenarios: 4 });
  const variants = records.flatMap((record) => (record.kind === 'group' ? record.variants : []));
  for (const part of ['advice', 'layers', 'consistency', 'quality'] as const)
    expect(variants.some((variant) => variant[part] !== null)).toBe(true);
  expect(hashOf(records)).toMatchInlineSnapshot(
    `"ed609f078a09e2c3c67b3b2e7797141275c53096c58f1405f191403ae712aee3"`,
  );
});
