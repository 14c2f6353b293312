import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { AssayError } from '../../core/errors.ts';
import { sha256 } from '../../core/hash.ts';
import { loadDataset } from '../../datasets/load.ts';
import { fourRows, manifestOf } from './manifest-folder.ts';

const numberOnly = (scaling: unknown): object => ({
  inputs: [{ kind: 'features', name: 'x', features: [{ kind: 'number', columns: ['width'], scaling }] }],
});

test('A CSV file with its manifest becomes samples in the order of the file', async () => {
  const { train, test: held } = await loadDataset(await manifestOf(fourRows, { split: allTest }));
  expect(train.ids).toHaveLength(0);
  expect(held.ids).toEqual(Int32Array.of(1, 2, 3, 4));
  const { features } = held.inputs;
  expect(features?.shape).toEqual([4, 3]);
  expect([...(features?.data ?? [])]).toEqual([1, 0, 1, 2, 1, 0, 3, 0, 1, 4, 1, 0]);
  expect(held.references).toEqual({
    kind: 'classes',
    labels: ['Kind A', 'Kind B'],
    values: ['a', 'b'],
    indices: Int32Array.of(0, 1, 0, 1),
  });
});

const allTest = { seed: 1, testShare: 1, stratify: false };

test('JSON, JSON Lines and gzipped CSV of the same rows give the same samples', async () => {
  const objects = fourRows
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .map(([width, colour, kind]) => ({ width: Number(width), colour, kind }));
  const asJson = await manifestOf(JSON.stringify(objects), { format: { kind: 'json' } });
  const asLines = await manifestOf(objects.map((one) => JSON.stringify(one)).join('\n'), {
    format: { kind: 'jsonl' },
  });
  const zipped = gzipSync(fourRows);
  const asGzip = await manifestOf('', {
    format: { kind: 'csv', gzip: true },
    sha256: sha256(zipped),
    sizeBytes: zipped.length,
  });
  await writeFile(path.join(path.dirname(asGzip), 'rows.txt'), zipped);
  const expected = (await loadDataset(await manifestOf(fourRows))).test;
  for (const file of [asJson, asLines, asGzip]) expect((await loadDataset(file)).test).toEqual(expected);
});

test('a scaling of another form is refused with those that are accepted', async () => {
  await expect(loadDataset(await manifestOf(fourRows, numberOnly({ kind: 'none' })))).rejects.toThrow(
    'scaling.divideBy: missing; "none", "standardise" or an object of "divideBy" and maybe "subtract" are accepted',
  );
});

test('a scaling that is left out is told with the words that are accepted too', async () => {
  await expect(loadDataset(await manifestOf(fourRows, numberOnly(undefined)))).rejects.toThrow(
    'scaling: missing; expected "none" or "standardise" or an object',
  );
});

test('Standardisation takes mean and deviation from the train split alone', async () => {
  const split = { seed: 3, testShare: 0.25, stratify: false };
  const { train, test: held } = await loadDataset(
    await manifestOf(fourRows, { ...numberOnly('standardise'), split }),
  );
  const widths = Array.from(train.ids, Number);
  const mean = widths.reduce((sum, width) => sum + width, 0) / 3;
  const deviation = Math.sqrt(widths.reduce((sum, width) => sum + (width - mean) ** 2, 0) / 3);
  const standardised = [...train.ids, ...held.ids].map((id) => Math.fround((Number(id) - mean) / deviation));
  expect([...(train.inputs.x?.data ?? []), ...(held.inputs.x?.data ?? [])]).toEqual(standardised);
});

test('Given constants scale without a train split', async () => {
  const changes = { ...numberOnly({ subtract: 1, divideBy: 2 }), split: allTest };
  const { test: held } = await loadDataset(await manifestOf(fourRows, changes));
  expect([...(held.inputs.x?.data ?? [])]).toEqual([0, 0.5, 1, 1.5]);
});

test('A declared policy drops rows with a missing feature and counts them', async () => {
  const missing = { features: 'drop', label: 'error' };
  const file = await manifestOf(`${fourRows},red,a\n`, { missing, split: allTest });
  const { test: held, droppedRows } = await loadDataset(file);
  expect(held.ids).toEqual(Int32Array.of(1, 2, 3, 4));
  expect(droppedRows).toBe(1);
});

test('A missing feature is an error where the policy says so', async () => {
  await expect(loadDataset(await manifestOf(`${fourRows}NaN,red,a\n`))).rejects.toThrow(
    /row 5, column "width": expected a value .*, found "NaN"/,
  );
});

test.each(['0x10', '0b1', '0o7', 'Infinity', '1e400'])('%s is no number of CSV', async (text) => {
  await expect(loadDataset(await manifestOf(`${fourRows}${text},red,a\n`))).rejects.toThrow(
    `row 5, column "width": expected a number, found "${text}"`,
  );
});

test.each([
  ['CSV', `${fourRows}1e39,red,a\n`, {}],
  ['a quoted cell', `${fourRows}"-1e39",red,a\n`, {}],
  ['a scaled column', `${fourRows}5,red,a\n`, numberOnly({ divideBy: 1e-39 })],
])('A number of %s beyond float32 is an error that names its cell', async (_, text, changes) => {
  await expect(loadDataset(await manifestOf(text, changes))).rejects.toThrow(
    /row \d, column "width": expected a number that float32 holds \(at most 3\.4e38 once it is scaled\)/,
  );
});

test('A number beyond float32 that is scaled to less is taken', async () => {
  const file = await manifestOf('width,colour,kind\n1e39,red,a\n2e39,blue,b\n', {
    ...numberOnly({ divideBy: 1e39 }),
    split: allTest,
  });
  expect((await loadDataset(file)).test.inputs.x?.data).toEqual(Float32Array.of(1, 2));
});

test('An empty label is an error that names its row', async () => {
  await expect(loadDataset(await manifestOf(`${fourRows}5,red,\n`))).rejects.toThrow(/row 5, column "kind"/);
});

test('A label that is no class is an error that lists the classes', async () => {
  await expect(loadDataset(await manifestOf(`${fourRows}5,red,c\n`))).rejects.toThrow(
    /expected one of a, b, found "c"/,
  );
});

test('A label in another Unicode form than its class is an error that says so', async () => {
  const [composed, decomposed] = ['\u00e4', 'a\u0308'];
  const classes = [composed, 'b'].map((value) => ({ value, label: value }));
  const file = await manifestOf(`${fourRows}5,red,${decomposed}\n`.replaceAll(/,a$/gm, `,${composed}`), {
    target: { kind: 'class', column: 'kind', classes },
  });
  await expect(loadDataset(file)).rejects.toThrow(
    `expected one of ${composed}, b in the same Unicode form (composed and decomposed letters differ), found "${decomposed}"`,
  );
});

test('A word in a column of numbers is an error that names the cell', async () => {
  await expect(loadDataset(await manifestOf(`${fourRows}wide,red,a\n`))).rejects.toThrow(
    /row 5, column "width": expected a number, found "wide"/,
  );
});

test('A missing column is an error that names the nearest one', async () => {
  const data = fourRows.replace('width', 'widht');
  await expect(loadDataset(await manifestOf(data))).rejects.toThrow(
    /has no column "width"\. Did you mean "widht"/,
  );
});

test('A wrong checksum is an error that names the file, the expected and the found one', async () => {
  const file = await manifestOf(fourRows);
  const changed = fourRows.replace('1', '7');
  const data = path.join(path.dirname(file), 'rows.txt');
  await writeFile(data, changed);
  const error = await loadDataset(file).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AssayError);
  const { message, code } = error as AssayError;
  expect(code).toBe('dataset-invalid');
  for (const part of [data, sha256(fourRows), sha256(changed)]) expect(message).toContain(part);
});

test('An unknown id is an error that names the nearest dataset', async () => {
  await expect(loadDataset('digts')).rejects.toThrow(/Unknown dataset "digts"\. Did you mean "digits"/);
});

test.each(['../rows.txt', '/etc/passwd'])(
  'Data at %s are refused for lying outside the folder',
  async (place) => {
    const file = await manifestOf(fourRows, { origin: { kind: 'file', path: place } });
    await expect(loadDataset(file)).rejects.toThrow(/lies outside the folder/);
  },
);

test('A link that leads out of the folder is refused', async () => {
  const [file, other] = [await manifestOf(fourRows, linked), await manifestOf(fourRows)];
  await symlink(path.join(path.dirname(other), 'rows.txt'), path.join(path.dirname(file), 'link.txt'));
  await expect(loadDataset(file)).rejects.toThrow(/lies outside the folder/);
});

const linked = { origin: { kind: 'file', path: 'link.txt' } };

test('A manifest with a wrong field is an error that names the field', async () => {
  const file = await manifestOf(fourRows, { split: { seed: 1, testShare: 2, stratify: true } });
  await expect(loadDataset(file)).rejects.toThrow(/split\.testShare/);
});

test('A shape that does not hold the features is an error with their number', async () => {
  const [input] = numberOnly('none')['inputs' as keyof object] as object[];
  const file = await manifestOf(fourRows, { inputs: [{ ...input, shape: [2, 2] }] });
  await expect(loadDataset(file)).rejects.toThrow(/\[2, 2\] does not hold the 1 numbers/);
});

test('A word outside the vocabulary is an error that names the nearest word', async () => {
  const target = {
    kind: 'tokens',
    column: 'text',
    promptColumn: 'prompt',
    floorColumn: null,
    vocabulary: ['<pad>', 'one', 'two', 'three'],
    length: 4,
  };
  const changes = {
    format: { kind: 'jsonl' },
    inputs: [{ kind: 'tokens', name: 'ids' }],
    target,
    split: allTest,
  };
  const good = await loadDataset(await manifestOf('{"text":"one two three","prompt":1}', changes));
  expect(good.test.references).toMatchObject({ lengths: Int32Array.of(3), promptLengths: Int32Array.of(1) });
  expect(good.test.inputs.ids?.data).toEqual(BigInt64Array.of(1n, 2n, 3n, 0n));
  await expect(loadDataset(await manifestOf('{"text":"one tow","prompt":1}', changes))).rejects.toThrow(
    /"tow" is not in the vocabulary\. Did you mean "two"/,
  );
});
