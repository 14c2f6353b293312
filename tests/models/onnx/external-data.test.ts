import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as ort from 'onnxruntime-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256 } from '../../../core/hash.ts';
import { packageRoot } from '../../../core/package-root.ts';
import { buildVariant } from '../../../models/build.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { copyOnnx } from '../../../models/onnx/copy.ts';
import { withStretch } from '../../../models/onnx/external-data.ts';
import { mapTensors } from '../../../models/onnx/map-tensors.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { decodeModelFile, readModelBytes } from '../../../models/onnx/read.ts';
import { inferValues } from '../../../models/onnx/infer.ts';
import { saveModel } from '../../../models/onnx/save.ts';
import { readTensor } from '../../../models/onnx/tensor.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import { goldenExport } from '../../exports/golden-exports.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'assay-external-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const place = (name: string): string => path.join(folder, name);

test('a model is split, read, loaded and split again with the same weights', async () => {
  const model = twoProducts();
  const files = await saveModel(model, place('first.onnx'), { inlineBytes: 0 });
  expect(files).toEqual([place('first.onnx'), place('first.onnx.data')]);
  const read = await load('first.onnx');
  await saveModel(read, place('second.onnx'));
  const again = await load('second.onnx');
  expect(again.graph.initializer.map(readTensor)).toEqual(model.graph.initializer.map(readTensor));
  expect(await readFile(place('second.onnx.data'))).toEqual(await readFile(place('first.onnx.data')));
  expect((await inferValues(again)).get('y')).toEqual({ type: 'float32', shape: [null, 20] });
  const session = await ort.InferenceSession.create(place('second.onnx'));
  await session.release();
});

test('small weights are not padded to pages', async () => {
  const [, data = ''] = await saveModel(twoProducts(), place('small.onnx'), { inlineBytes: 0 });
  const bytes = twoProducts().graph.initializer.map(({ rawData }) => rawData.length);
  const stored = bytes.filter((length) => length >= 1024);
  expect(stored.length).toBeGreaterThan(1);
  expect((await stat(data)).size).toBeLessThan(stored.reduce((sum, length) => sum + length + 64, 0));
});

test('a variant whose tensors are all small is one file, where its model has weights in another', async () => {
  const { path: source } = goldenExport('torch-image');
  const model = { path: source, sha256: sha256(await readFile(source)) };
  const outcome = await buildVariant({ model, variant: 'int4-weights' }, folder);
  if (outcome.status !== 'built') throw new Error(outcome.reason);
  const key = path.basename(outcome.path);
  expect((await readdir(folder)).sort()).toEqual([key, key.replace('.onnx', '.json')].sort());
});

test('weights that fit stay in the model, and are one file', async () => {
  expect(await saveModel(twoProducts(), place('whole.onnx'))).toEqual([place('whole.onnx')]);
  expect(await readFile(place('whole.onnx'))).toEqual(Buffer.from(encodeModel(twoProducts())));
});

test.for([{}, { inlineBytes: 0 }])(
  'a model that is refused when it is written (%o) leaves no file',
  async (form) => {
    const refused = new Error('not this one');
    const prove = async (file: string): Promise<void> => {
      await (await ort.InferenceSession.create(file)).release();
      throw refused;
    };
    await expect(saveModel(twoProducts(), place('whole.onnx'), { ...form, prove })).rejects.toBe(refused);
    expect(await readdir(folder)).toEqual([]);
  },
);

test('a copy of a split model loads where the original is not', async () => {
  await mkdir(place('copies'));
  await saveModel(twoProducts(), place('split.onnx'), { inlineBytes: 0 });
  await copyOnnx(place('split.onnx'), place('copies/other.onnx'));
  expect((await readdir(place('copies'))).sort()).toEqual(['other.onnx', 'other.onnx.data']);
  await (await ort.InferenceSession.create(place('copies/other.onnx'))).release();
});

test('a file in the folder may have a name that begins with two dots', async () => {
  await writeFile(place('..data.bin'), new Uint8Array(1600));
  await storeAt('model.onnx', { file: '..data.bin', offset: 0, length: 1600 });
  await expect(load('model.onnx')).resolves.toBeDefined();
});

test.for([
  ['../outside.bin', "lies outside the model's folder"],
  ['/etc/hostname', "lies outside the model's folder"],
  ['link.bin', "lies outside the model's folder"],
  ['sub/../../outside.bin', "lies outside the model's folder"],
  ['absent.bin', 'is not there'],
] as const)('weights in %s are refused: it %s', async ([location, why]) => {
  await mkdir(place('model'));
  await writeFile(place('outside.bin'), new Uint8Array(2000));
  await symlink(place('outside.bin'), place('model/link.bin'));
  await storeAt('model/model.onnx', { file: location, offset: 0, length: 1600 });
  await expect(load('model/model.onnx')).rejects.toMatchObject({
    code: 'model-invalid',
    message: expect.stringContaining(why) as string,
  });
});

test.for([
  [0, 1599],
  [-4, 1600],
  [401, 1600],
  [0, 2000],
  [NaN, 1600],
] as const)(
  'weights said to be %d + %d of 2000 bytes are refused with what the shape asks for',
  async ([offset, length]) => {
    await writeFile(place('w.bin'), new Uint8Array(2000));
    await storeAt('model.onnx', { file: 'w.bin', offset, length });
    await expect(load('model.onnx')).rejects.toThrow('float32 [20, 20], 1600 bytes');
  },
);

test('a variant of a split model is split where weights stay, and is made anew when they change', async () => {
  await saveModel(twoProducts(), place('model.onnx'), { inlineBytes: 0 });
  const build = async (
    variant: string,
  ): Promise<Extract<Awaited<ReturnType<typeof buildVariant>>, { status: 'built' }>> => {
    const model = { path: place('model.onnx'), sha256: sha256(await readFile(place('model.onnx'))) };
    const outcome = await buildVariant({ model, variant }, place('cache'));
    if (outcome.status !== 'built') throw new Error(outcome.reason);
    return outcome;
  };
  const [whole, int8] = [await build('fp32'), await build('int8-dynamic')];
  expect(whole.variant.sizeBytes).toBe(
    (await stat(place('model.onnx'))).size + (await stat(place('model.onnx.data'))).size,
  );
  const session = await ort.InferenceSession.create(int8.path);
  await session.release();
  const data = await open(place('model.onnx.data'), 'r+');
  await data.write(new Uint8Array(Float32Array.of(9).buffer), 0, 4, 0);
  await data.close();
  expect((await build('int8-dynamic')).variant.sha256).not.toBe(int8.variant.sha256);
  expect((await build('fp32')).variant.sha256).not.toBe(whole.variant.sha256);
});

/** Memory the copy of a model takes at most, in MiB, in a process of its own. */
async function peakOfCopy(file: string, copy: string): Promise<number> {
  const script = `
    import { decodeModelFile, readModelBytes } from './models/onnx/read.ts';
    import { saveModel } from './models/onnx/save.ts';
    const file = ${JSON.stringify(file)};
    await saveModel(await decodeModelFile(await readModelBytes(file), file), ${JSON.stringify(copy)});
    console.log(process.resourceUsage().maxRSS / 1024);`;
  const args = ['--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: packageRoot });
  return Number(stdout);
}

test('copying a model of 384 MiB takes no more memory than one of 24 MiB', async () => {
  await storeSparse('small', 24 * 2 ** 20);
  await storeSparse('large', 384 * 2 ** 20);
  const small = await peakOfCopy(place('small.onnx'), place('small-copy.onnx'));
  const large = await peakOfCopy(place('large.onnx'), place('large-copy.onnx'));
  expect(large).toBeLessThan(small + 64);
  const copy = await load('large-copy.onnx');
  expect(copy.graph.initializer.length).toBe(3);
  expect((await stat(place('large-copy.onnx.data'))).size).toBe(384 * 2 ** 20);
});

test('a model past what protobuf holds is read, and its weights a tensor at a time', async () => {
  await storeSparse('large', 3 * 2 ** 30);
  const { graph } = await load('large.onnx');
  expect(graph.initializer.map(({ dims }) => dims.map(Number))).toEqual([
    [2 ** 28 - 1024],
    [2 ** 28 - 1024],
    [2 ** 28 + 2048],
  ]);
});

/** A model of three equal weights in one file that takes no space on disk. */
async function storeSparse(name: string, bytes: number): Promise<void> {
  const each = bytes / 3 - 4096;
  const graph = buildGraph(name);
  const empty = { type: 'float32', shape: [0], data: new Float32Array() } as const;
  for (let part = 0; part < 3; part++) graph.initializer(`w${part}`, empty);
  const sizes = [each, each, bytes - 2 * each];
  const model = mapTensors(graph.model(), (tensor) => {
    const part = Number(tensor.name.slice(1));
    const sized = Object.assign(tensor, { dims: [(sizes[part] ?? 0) / 4] });
    return withStretch(sized, { file: `${name}.data`, offset: part * each, length: sizes[part] ?? 0 });
  });
  await writeFile(place(`${name}.onnx`), encodeModel(model));
  const data = await open(place(`${name}.data`), 'w');
  await data.truncate(bytes);
  await data.close();
}

async function load(name: string): Promise<OnnxModel> {
  return decodeModelFile(await readModelBytes(place(name)), place(name));
}

async function storeAt(
  name: string,
  stretch: { file: string; offset: number; length: number },
): Promise<void> {
  const model = mapTensors(twoProducts(), (tensor) =>
    tensor.name === 'w0' ? withStretch(tensor, stretch) : tensor,
  );
  await writeFile(place(name), encodeModel(model));
}

function twoProducts(): OnnxModel {
  const graph = buildGraph('products');
  let value = graph.input('x', { type: 'float32', shape: ['batch', 20] });
  for (let layer = 0; layer < 2; layer++) {
    const data = Float32Array.from({ length: 400 }, (_, index) => ((index * 7 + layer) % 13) - 6);
    const weight = graph.initializer(`w${layer}`, { type: 'float32', shape: [20, 20], data });
    value = graph.node('MatMul', [value, weight], { outputs: [layer === 1 ? 'y' : 'h'] });
  }
  graph.output('y', { type: 'float32', shape: ['batch', 20] });
  return graph.model();
}
