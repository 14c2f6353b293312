import path from 'node:path';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { sha256 } from '../../../core/hash.ts';
import { buildOnDataset } from '../../../runners/pool/build-variant.ts';
import { createProject, csvRows, datasetManifest } from '../../cli/project.ts';

test('a variant that is calibrated is not applicable where all samples are for tests, and one that is not is made', async () => {
  const { folder, write } = await createProject();
  const split = { seed: 1, testShare: 1, stratify: false };
  await write('mine.dataset.json', JSON.stringify({ ...datasetManifest(csvRows(60)), split }));
  const file = path.join(folder, 'mine.onnx');
  const build = async (variant: string) =>
    buildOnDataset({
      kind: 'build',
      model: { path: file, sha256: sha256(await readFile(file)) },
      variant,
      dataset: path.join(folder, 'mine.dataset.json'),
      cacheDir: path.join(folder, 'cache'),
    });
  expect(await build('int8-static')).toEqual({
    status: 'not-applicable',
    reason:
      'Dataset mine has no training samples to calibrate on: of its rows a share of 1 is for tests. Give a smaller "testShare" in its "split", or take variants that need no data.',
  });
  expect(await build('int8-dynamic')).toMatchObject({ status: 'built' });
});
