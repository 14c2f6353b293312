import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { hashOf } from '../../core/hash.ts';
import { readRuns } from '../../results/read-runs.ts';
import { decodePredictions } from '../../tasks/predictions-parquet.ts';

const versions = path.join(import.meta.dirname, '../records');

test('a run of version 1 is migrated, and always to the same', async () => {
  const [stored] = await readRuns(path.join(versions, 'v1'));
  expect(stored?.run).toMatchObject({
    schemaVersion: 3,
    status: 'complete',
    form: 'quick',
    planned: { cells: 6, groups: 2, scenarios: 0 },
  });
  const records = stored?.records.map(({ record }) => record) ?? [];
  expect(records.map(({ kind }) => kind).sort()).toEqual([
    ...Array<string>(6).fill('cell'),
    'group',
    'group',
  ]);
  // What version 2 makes of version 1. A new figure here belongs to a new version and its migration, and to no other edit.
  expect(hashOf(records)).toMatchInlineSnapshot(
    `"05e9695ccf167fcc24029f6222daa28d02b06b39e7e589341df87c6c2090ca15"`,
  );
});

test('predictions of version 1 decode', async () => {
  const [stored] = await readRuns(path.join(versions, 'v1'));
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
  const [stored] = await readRuns(path.join(versions, 'v2'));
  expect(stored?.run).toMatchObject({
    schemaVersion: 3,
    status: 'complete',
    form: 'quick',
    planned: { cells: 4, groups: 2, scenarios: 4 },
  });
  const records = stored?.records.map(({ record }) => record) ?? [];
  expect(records.map(({ kind }) => kind).sort()).toEqual([
    ...Array<string>(4).fill('cell'),
    'group',
    'group',
    ...Array<string>(4).fill('scenario'),
  ]);
  // As above: what differs from this needs a version of its own.
  expect(hashOf(records)).toMatchInlineSnapshot(
    `"107f8fa91716b8de83027e6fd9c4656f237fbb3cb336e53f18a6424d9902ef3f"`,
  );
});

test('a run of version 3 reads as it is', async () => {
  const [stored] = await readRuns(path.join(versions, 'v3'));
  expect(stored?.run).toMatchObject({
    schemaVersion: 3,
    status: 'complete',
    form: 'quick',
    planned: { cells: 4, groups: 2, scenarios: 4 },
  });
  const records = stored?.records.map(({ record }) => record) ?? [];
  expect(records.map(({ kind }) => kind).sort()).toEqual([
    ...Array<string>(4).fill('cell'),
    'group',
    'group',
    ...Array<string>(4).fill('scenario'),
  ]);
  const variants = records.flatMap((record) => (record.kind === 'group' ? record.variants : []));
  for (const part of ['advice', 'layers', 'consistency', 'quality'] as const)
    expect(variants.some((variant) => variant[part] !== null)).toBe(true);
  expect(hashOf(records)).toMatchInlineSnapshot(
    `"159e252bf1423cad4a4b89b81a1cd0af61e86d52164369a47ea42c9e77e6735a"`,
  );
});
