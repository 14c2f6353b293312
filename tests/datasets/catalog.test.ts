import { expect, test } from 'vitest';
import { listDatasets } from '../../datasets/catalog.ts';
import { loadDataset } from '../../datasets/load.ts';
import { longestSentence, nestedClauseWords } from '../../datasets/nested-clauses.ts';

test('Every dataset of the catalog is listed under the name of its file', async () => {
  const ids = (await listDatasets()).map(({ id }) => id);
  expect(ids).toEqual(['cars', 'clauses', 'digits', 'tumours']);
});

test.each([
  ['cars', { train: 294, test: 98, dropped: 14 }, { features: [98, 9] }],
  ['tumours', { train: 398, test: 171, dropped: 0 }, { features: [171, 30] }],
  ['digits', { train: 1258, test: 539, dropped: 0 }, { image: [539, 1, 8, 8] }],
  ['clauses', { train: 23000, test: 1000, dropped: 0 }, { input_ids: [1000, 39] }],
])('The dataset %s loads with its checksum verified and its split as declared', async (id, sizes, shapes) => {
  const { train, test: held, droppedRows } = await loadDataset(id);
  expect({ train: train.ids.length, test: held.ids.length, dropped: droppedRows }).toEqual(sizes);
  const found = Object.entries(held.inputs).map(([name, { shape }]) => [name, shape]);
  expect(Object.fromEntries(found)).toEqual(shapes);
});

test('A stratified split gives the test split the class shares of the whole', async () => {
  const { train, test: held } = await loadDataset('tumours');
  const malignant = [train, held].map(({ references }) => {
    if (references.kind !== 'classes') throw new Error('tumours has classes');
    return references.indices.filter((index) => index === 1).length;
  });
  // 212 malignant of 569, as the source counts them.
  expect(malignant).toEqual([148, 64]);
});

test('Standardised training features have mean 0 and deviation 1', async () => {
  const { train } = await loadDataset('tumours');
  const data = train.inputs.features?.data as Float32Array;
  for (let column = 0; column < 30; column++) {
    const values = [...data.filter((_, index) => index % 30 === column)];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(0, 6);
    expect(variance).toBeCloseTo(1, 5);
  }
});

test('The vocabulary and length that the manifest states are those of the grammar', async () => {
  const { target } = (await loadDataset('clauses')).manifest;
  expect(target).toMatchObject({ vocabulary: nestedClauseWords, length: longestSentence });
});

test('No test sentence of the grammar is seen in training, but for a few', async () => {
  const { train, test: held } = await loadDataset('clauses');
  const [seen, unseen] = [train, held].map(({ inputs }) =>
    rowsAsText(inputs.input_ids?.data as BigInt64Array),
  );
  const repeated = unseen?.filter((row) => seen?.includes(row)) ?? [];
  expect(repeated.length).toBeLessThan(20);
});

function rowsAsText(ids: BigInt64Array): string[] {
  return Array.from({ length: ids.length / 39 }, (_, row) => ids.slice(row * 39, (row + 1) * 39).join(' '));
}
