import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { hashOf, sha256 } from '../../../core/hash.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { buildVariant, type BuildOutcome } from '../../../models/build.ts';
import { contentHash } from '../../../models/content-hash.ts';
import { loadModel, onnxOf, type ModelFile } from '../../../models/manifest.ts';
import { decodeModel } from '../../../models/onnx/read.ts';
import { storedTensors } from '../../../models/onnx/stored-tensors.ts';
import { readTensor } from '../../../models/onnx/tensor.ts';
import { modelFileSchema, withWeights, type TfjsModel } from '../../../models/tfjs/model.ts';
import { readTfjsModel, tfjsFiles } from '../../../models/tfjs/read.ts';
import { floatsOf, floatWeight } from '../../../models/tfjs/weight-values.ts';
import { saveTfjsModel } from '../../../models/tfjs/write.ts';
import { variantSchema } from '../../../results/schema.ts';
import { loadSettings } from '../../../runners/load-settings.ts';
import { tfjsRunner } from '../../../runners/tfjs/runner.ts';
import { parseTarget } from '../../../suites/target.ts';

type Built = Extract<BuildOutcome, { status: 'built' }>;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'assay-tfjs-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function tfjsOf(id: string): Promise<ModelFile> {
  const { tfjs } = await loadModel(id);
  if (tfjs === null) throw new Error(`${id} has a TF.js form`);
  return tfjs;
}

async function build(variant: string, id = 'digits-cnn'): Promise<Built> {
  const outcome = await buildVariant({ model: await tfjsOf(id), variant }, folder);
  if (outcome.status === 'built') return outcome;
  throw new Error(outcome.reason);
}

/** What the runner makes of 3 random images. */
async function outputOf(file: string, device: string): Promise<Tensor['data']> {
  const session = await tfjsRunner.load(
    { format: 'tfjs', path: file },
    loadSettings(parseTarget(`tfjs/${device}`), { threads: 1 }),
  );
  const random = createRandom(1);
  const data = Float32Array.from({ length: 3 * 64 }, () => random.next());
  const outputs = await session.run({ image: { type: 'float32', shape: [3, 1, 8, 8], data } });
  await session.close();
  return outputs.probabilities?.data ?? [];
}

test('the baseline is the model itself, all its files counted', async () => {
  const { path: file, variant } = await build('fp32');
  const contents = await Promise.all((await tfjsFiles(file)).map((name) => readFile(name)));
  expect(variant).toEqual({
    name: 'fp32',
    isBaseline: true,
    sha256: hashOf(contents.map((content) => sha256(content))),
    sizeBytes: contents.reduce((sum, { length }) => sum + length, 0),
    gzipBytes: contents.reduce((sum, content) => sum + gzipSync(content).length, 0),
    passes: [],
  });
});

test('a stored form is a quarter of the size, has a record of what was done, and is kept', async () => {
  const [plain, first] = [await build('fp32'), await build('uint8-storage')];
  expect(variantSchema.parse(first.variant).passes).toEqual([
    {
      pass: 'store-weights',
      parameters: { dtype: 'uint8' },
      summary:
        '283,786 numbers of 8 float32 weights stored as uint8; storage only: TF.js makes them float32 again when it loads them',
    },
  ]);
  expect(first.variant.sizeBytes / plain.variant.sizeBytes).toBeLessThan(0.26);
  expect(await build('uint8-storage')).toEqual(first);
});

test.for(['uint8-storage', 'uint16-storage', 'float16-storage', 'prune-magnitude-50+uint8-storage'])(
  'the runtime computes with %s what it computes with the float32 weights it stands for, bit for bit',
  async (variant) => {
    const { path: file } = await build(variant);
    const model = await readTfjsModel(file);
    const plain = new Map(
      model.groups.flat().map((weight) => [weight, floatWeight(weight, floatsOf(weight))]),
    );
    const [written = ''] = await saveTfjsModel(
      withWeights(model, plain),
      path.join(folder, `plain-${variant}`),
    );
    for (const device of ['wasm', 'cpu']) {
      const found = await outputOf(file, device);
      expect(found).toEqual(await outputOf(written, device));
      expect(found).not.toEqual(await outputOf((await tfjsOf('digits-cnn')).path, device));
    }
  },
);

/** All numbers of some tensors, the smallest first. */
function sorted(tensors: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(tensors.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const tensor of tensors) {
    all.set(tensor, end);
    end += tensor.length;
  }
  return all.sort();
}

test.for(['cars-mlp', 'digits-cnn'])('pruning %s leaves the same weights in TF.js as in ONNX', async (id) => {
  const [tfjs, onnx] = [
    await build('prune-magnitude-60', id),
    await buildVariant({ model: onnxOf(await loadModel(id)), variant: 'prune-magnitude-60' }, folder),
  ];
  if (onnx.status !== 'built') throw new Error(onnx.reason);
  const inTfjs = sorted((await readTfjsModel(tfjs.path)).groups.flat().map(floatsOf));
  const inOnnx = sorted(
    [...storedTensors(decodeModel(await readFile(onnx.path), id))]
      .map(readTensor)
      .flatMap(({ type, data }) => (type === 'float32' ? [data] : [])),
  );
  expect(inTfjs.filter((value) => value === 0).length).toBeGreaterThan(inTfjs.length / 2);
  expect(Buffer.compare(Buffer.from(inTfjs.buffer), Buffer.from(inOnnx.buffer))).toBe(0);
  expect(tfjs.variant.passes[0]?.summary.replace(/kernels.*/, '')).toBe(
    onnx.variant.passes[0]?.summary.replace(/MatMul, Gemm.*/, ''),
  );
});

test('a variant of another format is not applicable, and one of no format is refused', async () => {
  const [tfjs, onnx] = [await tfjsOf('cars-mlp'), onnxOf(await loadModel('cars-mlp'))];
  expect(await buildVariant({ model: tfjs, variant: 'int8-dynamic' }, folder)).toEqual({
    status: 'not-applicable',
    reason: 'its passes rewrite ONNX models only',
  });
  expect(await buildVariant({ model: onnx, variant: 'uint8-storage' }, folder)).toEqual({
    status: 'not-applicable',
    reason: 'its passes rewrite TF.js models only',
  });
  await expect(buildVariant({ model: onnx, variant: 'int8-dynamic+uint8-storage' }, folder)).rejects.toThrow(
    'Variant "int8-dynamic+uint8-storage" is of no format: quantize-dynamic rewrites ONNX models, store-weights rewrites TF.js models.',
  );
});

test('a model whose weights changed since its hash was taken is refused', async () => {
  const model = { ...(await tfjsOf('cars-mlp')), sha256: '0'.repeat(64) };
  for (const variant of ['fp32', 'uint8-storage'])
    await expect(buildVariant({ model, variant }, folder)).rejects.toThrow(
      /model\.json has SHA-256 .*; expected 000/,
    );
});

/** The small model with its topology or its weights changed, in a folder of its own. */
async function broken(
  name: string,
  change: (model: TfjsModel) => TfjsModel,
): Promise<Pick<ModelFile, 'path' | 'sha256'>> {
  const model = change(await readTfjsModel((await tfjsOf('cars-mlp')).path));
  const files = await saveTfjsModel(model, path.join(folder, name));
  return { path: files[0] ?? '', sha256: await contentHash(files) };
}

function withText(model: TfjsModel, from: string, to: string): TfjsModel {
  const text = JSON.stringify(model.file).replaceAll(from, to);
  return { ...model, file: modelFileSchema.parse(JSON.parse(text)) };
}

test.for([
  ['of an unknown layer', (model: TfjsModel) => withText(model, '"Dense"', '"Frob"'), 'Unknown layer: Frob'],
  ['without weights', (model: TfjsModel) => ({ ...model, groups: [] }), 'weights are not set'],
] as const)('a model %s, which TF.js does not load, has no variants', async ([name, change, why]) => {
  const model = await broken(name, change);
  const cacheDir = path.join(folder, `cache of a model ${name}`);
  await expect(buildVariant({ model, variant: 'uint8-storage' }, cacheDir)).rejects.toMatchObject({
    code: 'model-invalid',
    message: expect.stringMatching(`TF.js cannot load the model itself: .*${why}`) as string,
  });
  const kept = await readdir(cacheDir, { recursive: true }).catch(() => []);
  expect(kept.filter((file) => /\.(?:bin|json)$/.test(file))).toEqual([]);
});

test('NaN becomes neither float16 nor ONNX', async () => {
  const model = await broken('nan', (sound) => {
    const [weight] = sound.groups.flat();
    if (weight === undefined) throw new Error('the model has weights');
    return withWeights(sound, new Map([[weight, floatWeight(weight, floatsOf(weight).fill(NaN, 3, 4))]]));
  });
  for (const request of [{ variant: 'float16-storage' }, { variant: 'fp32', format: 'onnx' }] as const)
    await expect(buildVariant({ model, ...request }, folder)).rejects.toThrow('NaN at index 3');
});
