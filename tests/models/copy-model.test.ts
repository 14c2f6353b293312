import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { copyModel } from '../../models/copy-model.ts';
import { modelCatalogFolder } from '../../models/manifest.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { layeredModel } from '../fakes/layered-model.ts';

const newFolder = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'assay-copy-'));
const tfjs = path.join(modelCatalogFolder, 'cars-mlp', 'tfjs', 'model.json');

test('an ONNX file is copied to the byte', async () => {
  const folder = await newFolder();
  const source = path.join(folder, 'source.onnx');
  await writeFile(source, encodeModel(layeredModel(['sturdy'])));
  const file = await copyModel(source, path.join(folder, 'model.variant'));
  expect(file).toBe(path.join(folder, 'model.variant.onnx'));
  expect(await readFile(file)).toEqual(await readFile(source));
});

test('a TF.js model is copied with its weights to a folder, in place of what was there', async () => {
  const folder = await newFolder();
  const target = path.join(folder, 'model.variant');
  await mkdir(target);
  await writeFile(path.join(target, 'group1-shard9of9.bin'), 'of an earlier model');
  const file = await copyModel(tfjs, target);
  expect(file).toBe(path.join(target, 'model.json'));
  expect((await readdir(target)).sort()).toEqual((await readdir(path.dirname(tfjs))).sort());
  expect(await readdir(folder)).toEqual(['model.variant']);
});

test('where the disk refuses, the file is named and nothing is left half written', async () => {
  const folder = await newFolder();
  await writeFile(path.join(folder, 'taken'), 'a file where a folder is to be');
  for (const source of [tfjs, path.join(modelCatalogFolder, 'cars-mlp', 'model.onnx')])
    await expect(copyModel(source, path.join(folder, 'taken', 'model'))).rejects.toThrow('taken');
  expect(await readdir(folder)).toEqual(['taken']);
});
