import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadModel, modelCatalogFolder } from '../../models/manifest.ts';

const network = path.join(modelCatalogFolder, 'cars-mlp/model.onnx');

/** A folder called `cars` with copies of a network, and other files of these contents. */
async function folderWith(networks: readonly string[], others: Readonly<Record<string, unknown>> = {}) {
  const folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'folder-')), 'cars');
  await mkdir(path.join(folder, 'onnx'), { recursive: true });
  for (const name of networks) await cp(network, path.join(folder, name));
  for (const [name, content] of Object.entries(others))
    await writeFile(path.join(folder, name), JSON.stringify(content));
  return folder;
}

test.each([['model.onnx'], ['onnx/model.onnx'], ['cars.onnx']])(
  'a folder with %s is a model named after the folder',
  async (name) => {
    const folder = await folderWith([name]);
    expect(await loadModel(folder)).toMatchObject({
      id: 'cars',
      title: 'cars',
      labels: null,
      onnx: { path: path.join(folder, name) },
    });
  },
);

test('of several networks model.onnx is taken, and without it they are listed', async () => {
  const folder = await folderWith(['onnx/model.onnx', 'onnx/model_quantized.onnx']);
  expect((await loadModel(folder)).onnx?.path).toBe(path.join(folder, 'onnx/model.onnx'));
  const unclear = await folderWith(['encoder.onnx', 'onnx/decoder.onnx']);
  await expect(loadModel(unclear)).rejects.toMatchObject({
    code: 'model-invalid',
    message: `${unclear} has several ONNX files: encoder.onnx, onnx/decoder.onnx.`,
    hint: `Name one of them, such as ${unclear}/encoder.onnx.`,
  });
});

test('a folder with a TF.js model is that', async () => {
  const folder = path.join(await folderWith([]), 'web');
  await cp(path.join(modelCatalogFolder, 'cars-mlp/tfjs'), folder, { recursive: true });
  expect(await loadModel(folder)).toMatchObject({
    id: 'web',
    onnx: null,
    tfjs: { path: `${folder}/model.json` },
  });
});

test('a folder with weights of another framework says how they become ONNX, an empty one what is looked for', async () => {
  const weights = await folderWith([], { 'model.safetensors': {} });
  await expect(loadModel(weights)).rejects.toMatchObject({
    message: `${weights} has no ONNX file and no model.json; it has model.safetensors.`,
    hint: `Export it first: optimum-cli export onnx --model ${weights} ${weights}/onnx`,
  });
  await expect(loadModel(await folderWith([]))).rejects.toThrow('has no ONNX file and no model.json.');
});

const config = {
  architectures: ['CarsForSequenceClassification'],
  id2label: { 1: 'new', 0: 'old', 10: 'x' },
};

test.each([['model.onnx'], ['onnx/model.onnx']])(
  'config.json names the classes of %s in the order of their numbers',
  async (name) => {
    const folder = await folderWith([name], { 'config.json': config });
    expect((await loadModel(folder)).labels).toEqual(['old', 'new', 'x']);
    // Named by its file it is the same model.
    expect((await loadModel(path.join(folder, name))).labels).toEqual(['old', 'new', 'x']);
  },
);

test.each([
  ['placeholders', { id2label: { 0: 'LABEL_0', 1: 'LABEL_1' } }],
  ['one label, as regressions have', { id2label: { 0: 'price' } }],
  ['labels that are no text', { id2label: { 0: 1, 1: 2 } }],
  ['something else', ['id2label']],
])('a config.json of %s names no classes', async (_, content) => {
  const folder = await folderWith(['model.onnx'], { 'config.json': content });
  expect((await loadModel(folder)).labels).toBeNull();
});

test('a config.json that is no JSON, or is of a folder above that is not the model’s, names none', async () => {
  const folder = await folderWith(['model.onnx'], { 'config.json': config });
  await writeFile(path.join(folder, 'config.json'), '{');
  expect((await loadModel(folder)).labels).toBeNull();
  const above = await folderWith([], { 'config.json': config });
  await mkdir(path.join(above, 'other'));
  await cp(network, path.join(above, 'other/model.onnx'));
  expect((await loadModel(path.join(above, 'other'))).labels).toBeNull();
});
