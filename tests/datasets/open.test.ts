import { joinIds } from '../../core/ids.ts';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { firstBatch, type Samples } from '../../core/samples.ts';
import { sha256 } from '../../core/hash.ts';
import { loadDataset } from '../../datasets/load.ts';
import { openDataset } from '../../datasets/open.ts';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { fourRows, manifestOf } from './manifest-folder.ts';

const allTest = { seed: 1, testShare: 1, stratify: false };

/** Too many rows for the ones that are kept after the first pass. */
const manyRows = `width,colour,kind\n${Array.from({ length: 200_000 }, (_, row) => `${row % 97},${row % 3 === 0 ? 'red' : 'blue'},${row % 5 === 0 ? 'a' : 'b'}\n`).join('')}`;

test.each(['cars', 'tumours', 'digits'])('The batches of %s joined are the whole split', async (id) => {
  const { test: held } = await loadDataset(id);
  const { test: stream } = await openDataset(id);
  const batches = await Array.fromAsync(stream.batches(32));
  expect(stream.count).toBe(held.ids.length);
  expect(joinIds(batches.map(({ ids }) => ids))).toEqual(held.ids);
  for (const [name, { data }] of Object.entries(held.inputs))
    expect(batches.flatMap(({ inputs }) => [...(inputs[name]?.data ?? [])])).toEqual([...data]);
  expect(batches.map(({ ids }) => ids.length).slice(0, -1)).toEqual(batches.slice(1).map(() => 32));
});

test('A file that is not kept in memory gives the same samples at every reading', async () => {
  const scaled = {
    inputs: [
      {
        kind: 'features',
        name: 'x',
        features: [{ kind: 'number', columns: ['width'], scaling: 'standardise' }],
      },
    ],
  };
  const dataset = await openDataset(await manifestOf(manyRows, scaled), [], { mostKeptBytes: 0 });
  const [first, again] = [await dataset.collect('test'), await dataset.collect('test')];
  expect(first.ids).toHaveLength(100_000);
  expect(again).toEqual(first);
  const train = await dataset.collect('train');
  const { mean, variance } = momentsOf(train);
  expect(mean).toBeCloseTo(0, 5);
  expect(variance).toBeCloseTo(1, 5);
});

function momentsOf({ inputs }: Samples): { mean: number; variance: number } {
  const values = Array.from(inputs.x?.data as Float32Array);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

test('The first batch is read without the rest', async () => {
  const { test: stream } = await openDataset(await manifestOf(manyRows, { split: allTest }));
  expect((await firstBatch(stream, 3)).ids).toEqual(Int32Array.of(1, 2, 3));
});

test.each([
  ['CSV', { kind: 'csv' }, 'width,colour,kind,place\n1,red,a,\n2,blue,b,north\n'],
  [
    'JSON',
    { kind: 'json' },
    '[{"width":1,"colour":"red","kind":"a","place":null},{"width":2,"colour":"blue","kind":"b","place":"north"}]',
  ],
])('A column of %s says of a sample that it is missing', async (_, format, text) => {
  const split = { seed: 1, testShare: 1, stratify: false };
  const { testColumn } = await openDataset(await manifestOf(text, { format, split }), ['place']);
  expect(testColumn('place')).toEqual(['(missing)', 'north']);
});

test('A column that the dataset is opened with is known of every test sample', async () => {
  const { testColumn } = await openDataset(await manifestOf(fourRows, { split: allTest }), ['colour']);
  expect(testColumn('colour')).toEqual(['red', 'blue', 'red', 'blue']);
});

test('A column to slice by that is not there is an error that names the nearest one', async () => {
  const file = await manifestOf(fourRows);
  await expect(openDataset(file, ['color'])).rejects.toThrow(/has no column "color"\. Did you mean "colour"/);
});

test('A file that is another one is told as such, whatever is wrong in its rows', async () => {
  const file = await manifestOf(fourRows);
  const data = path.join(path.dirname(file), 'rows.txt');
  for (const other of ['width,colour,kind\nx,red,a\n', 'width,colour\n1,2,3\n', 'other,columns\n1,2\n']) {
    await writeFile(data, other);
    await expect(openDataset(file)).rejects.toThrow(sha256(other));
  }
});

test('A file that changes after it was opened is an error, not another result', async () => {
  const file = await manifestOf(manyRows, { split: allTest });
  const { test: stream } = await openDataset(file, [], { mostKeptBytes: 0 });
  await writeFile(path.join(path.dirname(file), 'rows.txt'), manyRows.replace('\n1,', '\n2,'));
  await expect(Array.fromAsync(stream.batches(1000))).rejects.toThrow(/is not the file its manifest/);
});

test('Parquet of the same rows gives the same samples', async () => {
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'kind', data: ['a', 'b', 'a', 'b'], type: 'STRING' },
        { name: 'width', data: Int32Array.of(1, 2, 3, 4), type: 'INT32' },
        { name: 'colour', data: ['red', 'blue', 'red', 'blue'], type: 'STRING' },
      ],
    }),
  );
  const changes = { format: { kind: 'parquet' }, sha256: sha256(bytes), sizeBytes: bytes.length };
  const file = await manifestOf('', changes);
  await writeFile(path.join(path.dirname(file), 'rows.txt'), bytes);
  expect((await loadDataset(file)).test).toEqual((await loadDataset(await manifestOf(fourRows))).test);
});

test('An error in Parquet names the file, the row and the column', async () => {
  const columnData = [
    { name: 'kind', data: ['a', 'c'], type: 'STRING' as const },
    { name: 'width', data: Int32Array.of(1, 2), type: 'INT32' as const },
    { name: 'colour', data: ['red', 'blue'], type: 'STRING' as const },
  ];
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData }));
  const changes = { format: { kind: 'parquet' }, sha256: sha256(bytes), sizeBytes: bytes.length };
  const file = await manifestOf('', changes);
  await writeFile(path.join(path.dirname(file), 'rows.txt'), bytes);
  await expect(openDataset(file)).rejects.toThrow(
    /rows\.txt, row 2, column "kind": expected one of a, b, found "c"/,
  );
});

test('Samples know their cluster where the manifest names a column of them', async () => {
  const { test: held } = await loadDataset(await manifestOf(fourRows, { split: allTest, cluster: 'colour' }));
  expect(held.clusters).toEqual({ by: 'colour', names: ['red', 'blue', 'red', 'blue'] });
  expect((await loadDataset(await manifestOf(fourRows))).test.clusters).toBeUndefined();
});

test('A cluster that is missing is an error, or its row is dropped, as a label is', async () => {
  const data = `${fourRows}5,,a\n`;
  const features = numbersOnly;
  await expect(openDataset(await manifestOf(data, { ...features, cluster: 'colour' }))).rejects.toThrow(
    /row 5, column "colour": expected a value/,
  );
  const missing = { features: 'error', label: 'drop' };
  const dropped = await openDataset(await manifestOf(data, { ...features, missing, cluster: 'colour' }));
  expect(dropped.droppedRows).toBe(1);
});

const numbersOnly = {
  inputs: [
    { kind: 'features', name: 'x', features: [{ kind: 'number', columns: ['width'], scaling: 'none' }] },
  ],
};

test('Samples know their weight where the manifest names a column of them', async () => {
  const data = 'width,weight,kind\n1,0,a\n2,0.5,b\n3,1e3,a\n';
  const changes = { ...numbersOnly, weight: 'weight', split: allTest };
  const { test: held } = await loadDataset(await manifestOf(data, changes));
  expect(held.weights).toEqual(Float64Array.of(0, 0.5, 1000));
  expect((await loadDataset(await manifestOf(fourRows))).test.weights).toBeUndefined();
  await expect(openDataset(await manifestOf(`${data}4,-1,b\n`, changes))).rejects.toThrow(
    /row 4, column "weight": expected a weight of 0 or more, found "-1"/,
  );
  await expect(openDataset(await manifestOf(`${data}4,Infinity,b\n`, changes))).rejects.toThrow(
    /row 4, column "weight": expected a number, found "Infinity"/,
  );
});

test('Texts take no weights', async () => {
  const target = { kind: 'tokens', column: 'kind', promptColumn: 'width', floorColumn: null };
  const changes = { target: { ...target, vocabulary: ['a', 'b'], length: 2 }, weight: 'width' };
  await expect(openDataset(await manifestOf(fourRows, changes))).rejects.toThrow(
    /weight: texts have no weights/,
  );
});
