import { expect, test } from 'vitest';
import { openDataset } from '../../datasets/open.ts';
import { fourRows, manifestOf } from './manifest-folder.ts';

const kinds = (...named: [value: string, label: string][]): object => ({
  target: { kind: 'class', column: 'kind', classes: named.map(([value, label]) => ({ value, label })) },
});
const oneHot = { kind: 'one-hot', columns: ['colour'], values: ['red', 'blue', 'red'] };

test.each([
  ['value of a class', kinds(['a', 'x'], ['a', 'y']), 'target.classes.1.value: "a" is there twice'],
  ['label of a class', kinds(['a', 'x'], ['b', 'x']), 'target.classes.1.label: "x" is there twice'],
  [
    'column of flags',
    { target: { kind: 'flags', columns: ['width', 'width'] } },
    'target.columns.1: "width" is there twice',
  ],
  [
    'value of a one-hot feature',
    { inputs: [{ kind: 'features', name: 'x', features: [oneHot] }] },
    'inputs.0.features.0.values.2: "red" is there twice',
  ],
])('a %s that is there twice is refused', async (_, changes, message) => {
  await expect(openDataset(await manifestOf(fourRows, changes))).rejects.toThrow(message);
});

const twice = 'width,spare,width,spare,colour,kind\n1,0,2,0,red,a\n1,0,2,0,blue,b\n';

test.each([
  ['plain', twice],
  ['quoted', twice.replace('colour', '"colour"')],
])('a column that is read and there twice in a %s header is refused with its places', async (_, text) => {
  await expect(openDataset(await manifestOf(text))).rejects.toThrow(
    /rows\.txt has 2 columns called "width", number 1 and 3; a column that is read has a name of its own\.$/,
  );
});

test('columns that are not read may share a name', async () => {
  const split = { seed: 1, testShare: 1, stratify: false };
  const file = await manifestOf(twice.replaceAll('2,', '').replace('spare,width,', 'spare,'), { split });
  expect((await openDataset(file)).testSamples).toBe(2);
});
