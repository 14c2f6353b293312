import { expect, test } from 'vitest';
import { openDataset } from '../../datasets/open.ts';
import { fourRows, manifestOf } from './manifest-folder.ts';

const header = 'width,colour,kind\n';
const dropped = { missing: { features: 'drop', label: 'drop' } };

test.each([
  ['a header alone', header, {}, /rows\.txt has no rows; at least one is needed\.$/],
  [
    'an array without an object',
    '[]',
    { format: { kind: 'json' } },
    /rows\.txt has no rows; at least one is needed\.$/,
  ],
  ['blank lines', '\n\n', { format: { kind: 'jsonl' } }, /rows\.txt has no rows; at least one is needed\.$/],
  [
    'rows that all miss a value',
    `${header},red,a\n1,blue,\n`,
    dropped,
    /rows\.txt has no row without a missing value; at least one is needed\.$/,
  ],
  [
    'rows of which none falls to the test split',
    fourRows,
    { split: { seed: 1, testShare: 0.1, stratify: false } },
    /a test share of 0\.1 of 4 rows leaves no test sample; raise "testShare" of the manifest's split\.$/,
  ],
])('a dataset of %s is refused with why there is nothing to test', async (...given) => {
  const [, text, manifest, message] = given;
  const opened = openDataset(await manifestOf(text, manifest));
  await expect(opened).rejects.toThrow(message);
  await expect(opened).rejects.toMatchObject({ code: 'dataset-invalid' });
});

test('an empty file is refused by its manifest, which pins a size above 0', async () => {
  await expect(openDataset(await manifestOf(''))).rejects.toThrow(/sizeBytes/);
});

test('one complete row among others is enough', async () => {
  const split = { seed: 1, testShare: 1, stratify: false };
  const { test: stream, droppedRows } = await openDataset(
    await manifestOf(`${header},red,a\n2,blue,b\n`, { ...dropped, split }),
  );
  expect([stream.count, droppedRows]).toEqual([1, 1]);
});
