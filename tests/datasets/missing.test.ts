import { expect, test } from 'vitest';
import { loadDataset, type LoadedDataset } from '../../datasets/load.ts';
import { manifestOf } from './manifest-folder.ts';

const split = { seed: 1, testShare: 1, stratify: false };
const drop = { features: 'drop', label: 'drop' };
const width = { kind: 'number', columns: ['width'], scaling: 'none' };
const standard = { kind: 'number', columns: ['width'], scaling: 'standardise' };
const inputs = [{ kind: 'features', name: 'x', features: [width] }];

async function load(data: string, changes: object): Promise<LoadedDataset> {
  return loadDataset(await manifestOf(data, { split, missing: drop, inputs, ...changes }));
}

function classesOf(...values: string[]): object {
  return { kind: 'class', column: 'kind', classes: values.map((value) => ({ value, label: `is ${value}` })) };
}

test('A word for a missing number is a class where the manifest declares it, and missing where it does not', async () => {
  const { test: held, droppedRows } = await load('width,kind\n1,NA\n2,EU\n3,null\n4,\nNA,EU\n', {
    target: classesOf('EU', 'NA'),
  });
  expect(held.ids).toEqual(Int32Array.of(1, 2));
  expect(held.references).toMatchObject({ indices: Int32Array.of(1, 0) });
  expect(droppedRows).toBe(3);
});

test('A class that is declared as an empty text is that class', async () => {
  const { test: held } = await load('width,kind\n1,\n2,EU\n', { target: classesOf('EU', '') });
  expect(held.references).toMatchObject({ indices: Int32Array.of(1, 0) });
});

test('A word for a missing number is a value of a one-hot feature where the manifest declares it', async () => {
  const oneHot = { kind: 'one-hot', columns: ['colour'], values: ['?', 'red'] };
  const { test: held, droppedRows } = await load('width,colour,kind\n1,?,a\n2,red,b\n3,NA,a\n', {
    inputs: [{ kind: 'features', name: 'x', features: [oneHot] }],
    target: classesOf('a', 'b'),
  });
  expect([...(held.inputs.x?.data ?? [])]).toEqual([1, 0, 0, 1]);
  expect(droppedRows).toBe(1);
});

test('A word for a missing number is a label where the manifest declares it, and else none of them', async () => {
  const labels = ['NA', 'EU', 'null'].map((value) => ({ value, label: value }));
  const { test: held } = await load('width,kind\n1,NA\n2,null;EU\n3,\n4,?\n', {
    target: { kind: 'labels', column: 'kind', separator: ';', labels },
  });
  expect(held.references).toMatchObject({ flags: Uint8Array.of(1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0) });
});

test('Queries and clusters are what they say, and missing only where they are empty', async () => {
  const rows = [
    { width: 1, gain: 1, query: 'NA', place: 'null' },
    { width: 2, gain: 0, query: '?', place: 'nan' },
    { width: 3, gain: 0, query: null, place: 'x' },
    { width: 4, gain: 0, query: 'x', place: '' },
  ];
  const { test: held, droppedRows } = await load(rows.map((row) => JSON.stringify(row)).join('\n'), {
    format: { kind: 'jsonl' },
    target: { kind: 'gain', column: 'gain', queryColumn: 'query' },
    cluster: 'place',
  });
  expect(held.references).toMatchObject({ queries: ['NA', '?'] });
  expect(held.clusters?.names).toEqual(['null', 'nan']);
  expect(droppedRows).toBe(2);
});

const target = {
  kind: 'tokens',
  column: 'words',
  promptColumn: 'prompt',
  floorColumn: null,
  otherColumns: ['other'],
  vocabulary: ['<pad>', '?', 'NA', 'cat'],
  length: 4,
};

test('References of texts keep what they are, and only null is none of them', async () => {
  const others = ['?', 'NA', '', null, ['', 'cat']];
  const rows = others.map((other) => JSON.stringify({ words: '? NA', prompt: 1, other }));
  const { test: held } = await load(rows.join('\n'), {
    format: { kind: 'jsonl' },
    inputs: [{ kind: 'tokens', name: 'x' }],
    target,
  });
  expect(held.references).toMatchObject({ otherTexts: [['?'], ['NA'], [''], [], ['', 'cat']] });
});

test('An empty cell of CSV is no reference, as CSV writes nothing so', async () => {
  const { test: held } = await load('words,prompt,other\n? NA,1,\n? cat,1,NA\n', {
    inputs: [{ kind: 'tokens', name: 'x' }],
    target,
  });
  expect(held.references).toMatchObject({ otherTexts: [[], ['NA']] });
});

const keep = { features: 'keep', label: 'drop' };

test('Features that are missing and kept are NaN, no value of a one-hot feature, an empty text, and padding', async () => {
  const features = [
    { ...width, scaling: { subtract: 1, divideBy: 2 } },
    { kind: 'year', columns: ['day'], scaling: 'none' },
    { kind: 'one-hot', columns: ['colour'], values: ['red', 'NA'] },
  ];
  const { test: held, droppedRows } = await load(
    'width,day,colour,ids,kind\n3,2001-02-03,red,7 8,a\n,,,,b\nNA,?,NA,,a\n5,1999,red,9,\n',
    {
      missing: keep,
      inputs: [
        { kind: 'features', name: 'x', features },
        { kind: 'texts', name: 'colour', columns: ['colour'] },
        { kind: 'integers', name: 'ids', column: 'ids', length: 2, padding: -1 },
      ],
      target: classesOf('a', 'b'),
    },
  );
  expect([...(held.inputs.x?.data ?? [])]).toEqual([1, 2001, 1, 0, NaN, NaN, 0, 0, NaN, NaN, 0, 1]);
  expect(held.inputs.colour?.data).toEqual(['red', '', 'NA']);
  expect(held.inputs.ids?.data).toEqual(BigInt64Array.of(7n, 8n, -1n, -1n, -1n, -1n));
  expect(droppedRows).toBe(1);
});

test('What is kept is standardised by what is there, and what is no number is refused all the same', async () => {
  const inputsOf = { missing: keep, inputs: [{ kind: 'features', name: 'x', features: [standard] }] };
  const target = classesOf('a', 'b');
  const data = 'width,kind\n1,a\n,b\n3,a\n1,b\nnan,a\n3,b\n';
  const { train } = await load(data, { ...inputsOf, target, split: { ...split, testShare: 0.1 } });
  const found = Array.from(train.inputs.x?.data ?? [], Number);
  const there = found.filter((value) => !Number.isNaN(value));
  expect(there.length).toBeLessThan(found.length);
  const meanOf = (values: number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
  expect([meanOf(there), meanOf(there.map((one) => one ** 2))].map((one) => Math.round(1e5 * one))).toEqual([
    0, 1e5,
  ]);
  await expect(load('width,kind\n1,a\nwide,b\n', { ...inputsOf, target })).rejects.toThrow(
    'row 2, column "width": expected a number, found "wide".',
  );
});

test('Labels are not kept where they are missing', async () => {
  const opening = load('width,kind\n1,a\n', { missing: { features: 'keep', label: 'keep' } });
  await expect(opening).rejects.toThrow('missing.label');
});
