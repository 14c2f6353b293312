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
  // Frozen runs name no machine.
  expect([...new Set([stored?.run, ...records].map((one) => one?.environment.os))]).toEqual(['Linux x64']);
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
    `"2adf2a39905855bdd7a76ab07a8b0e7aa9eae910fa707a28d0ffb6248ac61ca0"`,
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
    `"b3b6a508f29f59e0b20bcfcc6330490a45505c8acbd70171b2ee4ecb000dfc11"`,
  );
});

test('a run of version 3 reads as it always did', async () => {
  const {
    runs: [stored],
  } = await readRuns(path.join(versions, 'v3'));
  const records = recordsOf(stored, { cells: 4, groups: 2, scenarios: 4 });
  const variants = records.flatMap((record) => (record.kind === 'group' ? record.variants : []));
  for (const part of ['advice', 'layers', 'consistency', 'quality'] as const)
    expect(variants.some((variant) => variant[part] !== null)).toBe(true);
  expect(hashOf(records)).toMatchInlineSnapshot(
    `"467861e5eed23e84bc7889200dff7eb9e43f08a392cdf0c44e4912a09341872b"`,
  );
});

test('a run of version 4 reads as it is', async () => {
  const {
    runs: [stored],
  } = await readRuns(path.join(versions, 'v4'));
  const records = recordsOf(stored, { cells: 6, groups: 3, scenarios: 0 });
  const variants = records.flatMap((record) => (record.kind === 'group' ? record.variants : []));
  const divergences = variants.map(({ distance }) =>
    distance?.kind === 'generation' ? distance.divergence : null,
  );
  expect(divergences.some((divergence) => divergence !== null)).toBe(true);
  expect(variants.some(({ distanceReason }) => distanceReason !== null)).toBe(true);
  const counts = records.map((record) =>
    record.kind === 'cell' && record.outcome.status === 'measured' ? record.outcome.labelConfusion : null,
  );
  expect(counts.filter((labels) => labels !== null)).toHaveLength(2);
  expect(hashOf(records)).toMatchInlineSnapshot(
    `"2a1035f5b5af5011c660c9baa4613d26059b338915e8686cd800717815d5b6a2"`,
  );
});

test('distributions of the next token of version 4 decode', async () => {
  const folder = path.join(versions, 'v4/runs/frozen');
  const {
    runs: [stored],
  } = await readRuns(path.join(versions, 'v4'));
  const files = (stored?.records ?? []).flatMap(({ record }) =>
    record.kind === 'cell' && record.subject.task === 'generation' && record.outcome.status === 'measured'
      ? (record.outcome.predictions?.file ?? [])
      : [],
  );
  expect(files).toHaveLength(2);
  for (const file of files) {
    const predictions = await decodePredictions(await readFile(path.join(folder, file)), file);
    if (predictions.kind !== 'generation') throw new Error('not of texts');
    const { tokens, nextTokens } = predictions;
    expect(nextTokens).toMatchObject({ vocabulary: 5 });
    for (const [sample, count] of tokens.entries()) {
      const kept = nextTokens?.samples[sample];
      expect(kept?.positions).toEqual(Int32Array.from({ length: count }, (_, place) => place));
      expect(kept?.logProbabilities).toHaveLength(5 * count);
    }
  }
});
