import { expect, test } from 'vitest';
import { loadDataset } from '../../datasets/load.ts';
import { manifestOf } from './manifest-folder.ts';

const allTest = { seed: 1, testShare: 1, stratify: false };
const integers = { kind: 'integers', name: 'input_ids', column: 'ids', length: 4, padding: 9 };

function open(data: string, inputs: readonly object[], kind: 'csv' | 'jsonl' = 'jsonl') {
  return manifestOf(data, { format: { kind }, inputs, split: allTest }).then(loadDataset);
}

test('lists of whole numbers are padded to the length of the input, from a list or a text with spaces', async () => {
  const lines =
    '{"ids":[3,1],"kind":"a"}\n{"ids":"7 -2147483648  2147483647 0","kind":"b"}\n{"ids":5,"kind":"a"}\n';
  const { test: held } = await open(lines, [integers]);
  expect(held.inputs.input_ids).toEqual({
    type: 'int64',
    shape: [3, 4],
    data: BigInt64Array.of(3n, 1n, 9n, 9n, 7n, -2147483648n, 2147483647n, 0n, 5n, 9n, 9n, 9n),
  });
  const { test: fromCsv } = await open('ids,kind\n3 1,a\n5,b\n', [integers], 'csv');
  expect(fromCsv.inputs.input_ids?.data).toEqual(BigInt64Array.of(3n, 1n, 9n, 9n, 5n, 9n, 9n, 9n));
  // As pandas writes a column of lists, and one of arrays.
  const { test: listed } = await open('ids,kind\n"[3, 1]",a\n"[]",b\n[ 5  6],a\n', [integers], 'csv');
  expect(listed.inputs.input_ids?.data).toEqual(
    BigInt64Array.of(3n, 1n, 9n, 9n, 9n, 9n, 9n, 9n, 5n, 6n, 9n, 9n),
  );
});

test.each([
  ['[1,2,3,4,5]', 'expected up to 4 whole numbers (the "length" of the input; here 5), found [1,2,3,4,5].'],
  ['[1,2.5]', 'expected whole numbers of 32 bits, as a list or with spaces between them, found [1,2.5].'],
  [
    '[2147483648]',
    'expected whole numbers of 32 bits, as a list or with spaces between them, found [2147483648].',
  ],
  ['"[1, ]"', 'expected whole numbers of 32 bits, as a list or with spaces between them, found "[1, ]".'],
  ['"1 two"', 'expected whole numbers of 32 bits, as a list or with spaces between them, found "1 two".'],
  ['null', 'expected a value ("missing" is declared an error), found null.'],
])('token ids of %s are an error with the place and what is accepted', async (ids, message) => {
  const opening = open(`{"ids":[1],"kind":"a"}\n{"ids":${ids},"kind":"a"}\n`, [integers]);
  await expect(opening).rejects.toThrow(`rows.txt, row 2, column "ids": ${message}`);
});

test('texts are given to a model as they are written, numbers as JSON writes them', async () => {
  const lines = '{"a":" x ","b":"NA","kind":"a"}\n{"a":"y","b":2,"kind":"b"}\n';
  const texts = { kind: 'texts', name: 'x', columns: ['a', 'b'] };
  expect((await open(lines, [texts])).test.inputs.x).toEqual({
    type: 'string',
    shape: [2, 2],
    data: [' x ', 'NA', 'y', '2'],
  });
  const flat = { kind: 'texts', name: 'x', columns: ['a'], shape: [] };
  expect((await open(lines, [flat])).test.inputs.x?.shape).toEqual([2]);
  const misfit = open(lines, [{ ...texts, shape: [3] }]);
  await expect(misfit).rejects.toThrow('inputs.0.shape: [3] does not hold the 2 texts of the columns');
});

test('features of float64 keep the digits that float32 rounds off', async () => {
  const features = [{ kind: 'number', columns: ['at'], scaling: 'none' }];
  const lines = '{"at":16777217,"kind":"a"}\n{"at":1e300,"kind":"b"}\n{"at":0.1,"kind":"a"}\n';
  const { test: held } = await open(lines, [{ kind: 'features', name: 'x', features, type: 'float64' }]);
  expect(held.inputs.x).toEqual({
    type: 'float64',
    shape: [3, 1],
    data: Float64Array.of(16777217, 1e300, 0.1),
  });
});
