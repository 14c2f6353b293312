import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sha256 } from '../../core/hash.ts';
import { listDatasets } from '../../datasets/catalog.ts';
import { listModels, loadModel, modelCatalogFolder, onnxOf } from '../../models/manifest.ts';

/** A copy of a catalog model in a folder of its own, as a user might have it. */
async function copyOf(id: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-model-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(path.join(modelCatalogFolder, id), folder, { recursive: true });
  return folder;
}

test('Every model of the catalog loads with its checksums verified and names a dataset there is', async () => {
  const datasets = (await listDatasets()).map(({ id }) => id);
  const manifests = await listModels();
  expect(manifests.map(({ id }) => id)).toEqual([
    'cars-mlp',
    'digits-cnn',
    'grammar-transformer',
    'tumours-mlp',
  ]);
  for (const { id, dataset, onnx } of manifests) {
    expect(datasets).toContain(dataset);
    const model = await loadModel(id);
    const file = onnxOf(model);
    expect(file.sha256).toBe(sha256(await readFile(file.path)));
    expect(file.sha256).toBe(onnx.sha256);
  }
});

test('All files of the catalog together stay under 8 MB', async () => {
  const sizes = (await listModels()).flatMap(({ onnx, tfjs }) =>
    [onnx, ...(tfjs === null ? [] : [tfjs, ...tfjs.weights])].map(({ sizeBytes }) => sizeBytes),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(8e6);
});

test('A manifest outside the catalog loads with paths relative to it', async () => {
  const folder = await copyOf('cars-mlp');
  const model = await loadModel(path.join(folder, 'cars-mlp.model.json'));
  expect(model.onnx?.path).toBe(path.join(folder, 'model.onnx'));
  expect(model.tfjs?.path).toBe(path.join(folder, 'tfjs/model.json'));
});

test('A bare ONNX file is a model named after its file, without a TF.js form', async () => {
  const folder = await copyOf('cars-mlp');
  const file = path.join(folder, 'cars.onnx');
  await rename(path.join(folder, 'model.onnx'), file);
  const model = await loadModel(file);
  expect(model).toMatchObject({ id: 'cars', title: 'cars', tfjs: null, manifest: null });
  expect(model.tfjsReason).toContain('cars.onnx');
  expect(model.onnx).toMatchObject({ path: file, sha256: sha256(await readFile(file)) });
});

test.each(['cars/model.onnx', 'cars/onnx/model.onnx', 'cars/model.json'])(
  'A bare %s is a model named after its folder, as every export calls its file so',
  async (relative) => {
    const folder = await copyOf('cars-mlp');
    const file = path.join(folder, relative);
    await cp(path.join(folder, 'tfjs'), path.join(folder, 'cars'), { recursive: true });
    if (relative.endsWith('.onnx')) await cp(path.join(folder, 'model.onnx'), file);
    expect(await loadModel(file)).toMatchObject({ id: 'cars', title: 'cars' });
  },
);

test.each(['model.onnx', 'tfjs/model.json', 'tfjs/weights.bin'])(
  'A changed %s is an error that names the file, the expected and the found checksum',
  async (relative) => {
    const folder = await copyOf('cars-mlp');
    const file = path.join(folder, relative);
    const bytes = await readFile(file);
    const changed = Uint8Array.from(bytes, (byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte));
    await writeFile(file, changed);
    const loading = loadModel(path.join(folder, 'cars-mlp.model.json'));
    await expect(loading).rejects.toThrow(new RegExp(`${sha256(bytes)}.*\n.*${sha256(changed)}`));
    await expect(loading).rejects.toThrow(relative.split('/').at(-1));
  },
);

test('An unknown id is an error that names the nearest model', async () => {
  await expect(loadModel('cars-mpl')).rejects.toThrow(/Unknown model "cars-mpl"\. Did you mean "cars-mlp"/);
});

test('The folder one stands in may be named by a dot, and a name without a slash is told how folders are named', async () => {
  const { path: file = '' } = (await loadModel('cars-mlp')).onnx ?? {};
  const here = process.cwd();
  onTestFinished(() => {
    process.chdir(here);
  });
  process.chdir(path.dirname(file));
  expect((await loadModel('.')).id).toBe('cars-mlp');
  await expect(loadModel('tfjs')).rejects.toMatchObject({
    hint: expect.stringContaining('./mine') as string,
  });
});

test('A file that is not there is an error that names it', async () => {
  await expect(loadModel('nowhere/none.onnx')).rejects.toThrow(/no model file .*none\.onnx/);
  await expect(loadModel('nowhere/none.model.json')).rejects.toThrow(/no model file .*none\.model\.json/);
});

test('A model without a TF.js form must say why', async () => {
  const folder = await copyOf('cars-mlp');
  const file = path.join(folder, 'cars-mlp.model.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(file, JSON.stringify({ ...manifest, tfjs: null }));
  await expect(loadModel(file)).rejects.toThrow(/tfjsReason: expected a reason/);
});
