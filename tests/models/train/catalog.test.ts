import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { io, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { beforeAll, expect, test } from 'vitest';
import type { Samples } from '../../../core/samples.ts';
import { createRandom } from '../../../core/random.ts';
import { loadDataset } from '../../../datasets/load.ts';
import { loadModel, onnxOf, type Model, type ModelManifest } from '../../../models/manifest.ts';
import { decodeModel } from '../../../models/onnx/read.ts';
import { storedTensors } from '../../../models/onnx/stored-tensors.ts';
import { readTensor } from '../../../models/onnx/tensor.ts';
import { startTrainingBackend } from '../../../models/train/backend.ts';
import { measureFigures } from '../../../models/train/figures.ts';
import { carsMlp } from '../../../models/train/recipes/cars-mlp.ts';

beforeAll(startTrainingBackend);

test('Training the smallest model again gives the weights in the catalog', async () => {
  const [{ train }, kept] = [await loadDataset('cars'), await loadModel('cars-mlp')];
  const { onnx } = carsMlp.train(train, createRandom(carsMlp.seed));
  const expected = weightsOf(decodeModel(await readFile(onnxOf(kept).path), onnxOf(kept).path));
  const found = weightsOf(onnx);
  expect([...found.keys()]).toEqual([...expected.keys()]);
  for (const [name, values] of expected) {
    const largest = Math.max(...values.map(Math.abs));
    // The same machine gives the same bytes; 0.1 % leaves room for a WebAssembly engine that adds in another order.
    expect(farthest(found.get(name) ?? [], values)).toBeLessThan(largest / 1000);
  }
});

test.each(['cars-mlp', 'tumours-mlp', 'digits-cnn'])(
  '%s says the same through ONNX Runtime and TF.js',
  async (id) => {
    const { model, manifest, samples } = await loaded(id);
    const [onnx, tfjs] = [
      await byOnnxRuntime(model, manifest, samples),
      await byTfjs(model, manifest, samples),
    ];
    expect(onnx.length).toBeGreaterThan(0);
    const largest = Math.max(1, ...onnx.map(Math.abs));
    expect(farthest(tfjs, onnx)).toBeLessThan(1e-5 * largest);
  },
);

test.each(['cars-mlp', 'tumours-mlp', 'digits-cnn', 'grammar-transformer'])(
  '%s reaches the figures its manifest states',
  async (id) => {
    const { model, manifest, samples } = await loaded(id);
    const found = await measureFigures(await readFile(onnxOf(model).path), manifest, samples);
    expect(found.map(({ figure }) => figure)).toEqual(manifest.reached.map(({ figure }) => figure));
    for (const [index, { value }] of found.entries()) {
      expect(Math.abs(value / (manifest.reached[index]?.value ?? 0) - 1)).toBeLessThan(1e-3);
    }
  },
);

test('The Transformer comes near the lowest possible perplexity and never below it', async () => {
  const { manifest } = await loaded('grammar-transformer');
  const figure = (name: string): number =>
    manifest.reached.find((one) => one.figure === name)?.value ?? Number.NaN;
  const ratio = figure('perplexity') / figure('lowest possible perplexity');
  expect(ratio).toBeGreaterThan(1);
  expect(ratio).toBeLessThan(1.05);
  expect(figure('greedy exact match')).toBeGreaterThan(0.9);
});

test('The Transformer says of a token what it says whatever follows', async () => {
  const { model, manifest } = await loaded('grammar-transformer');
  const session = await InferenceSession.create(onnxOf(model).path);
  const logitsOf = async (ids: readonly bigint[]): Promise<number[]> => {
    const input = new OrtTensor('int64', BigInt64Array.from(ids), [1, ids.length]);
    const outputs = await session.run({ [manifest.input.name]: input });
    return [...(outputs[manifest.output.name]?.data as Float32Array)];
  };
  const alone = await logitsOf([1n, 7n, 10n, 31n]);
  const followed = await logitsOf([1n, 7n, 10n, 31n, 5n, 12n, 0n, 0n]);
  expect(farthest(followed.slice(0, alone.length), alone)).toBeLessThan(1e-4);
  await session.release();
});

async function loaded(id: string): Promise<{ model: Model; manifest: ModelManifest; samples: Samples }> {
  const model = await loadModel(id);
  if (model.manifest === null) throw new Error(`${id} has a manifest`);
  const { test: samples } = await loadDataset(model.manifest.dataset);
  return { model, manifest: model.manifest, samples };
}

async function byOnnxRuntime(
  model: Model,
  { input, output }: ModelManifest,
  samples: Samples,
): Promise<number[]> {
  const session = await InferenceSession.create(onnxOf(model).path);
  const { data, shape } = floats(samples, input.name);
  const outputs = await session.run({ [input.name]: new OrtTensor('float32', data, shape) });
  const values = [...(outputs[output.name]?.data as Float32Array)];
  await session.release();
  return values;
}

async function byTfjs(model: Model, { input, output }: ModelManifest, samples: Samples): Promise<number[]> {
  const network = await loadLayersModel(io.fromMemory(await artifactsOf(model)));
  expect([network.inputNames, network.outputNames]).toEqual([[input.name], [output.name]]);
  return predict(network, floats(samples, input.name));
}

function predict(
  network: LayersModel,
  { data, shape }: { data: Float32Array; shape: readonly number[] },
): number[] {
  return tidy(() => [...(network.predict(tensor(data, [...shape])) as Tensor).dataSync()]);
}

async function artifactsOf({ tfjs }: Model): Promise<io.ModelArtifacts> {
  if (tfjs === null) throw new Error('the model has a TF.js form');
  const { modelTopology, weightsManifest } = JSON.parse(await readFile(tfjs.path, 'utf8')) as io.ModelJSON;
  const weights = await readFile(path.join(path.dirname(tfjs.path), 'weights.bin'));
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  return { modelTopology, weightSpecs, weightData: Uint8Array.from(weights).buffer };
}

function floats(samples: Samples, name: string): { data: Float32Array; shape: readonly number[] } {
  const found = samples.inputs[name];
  if (found?.type !== 'float32') throw new Error(`no float32 input ${name}`);
  return found;
}

function weightsOf(model: ReturnType<typeof decodeModel>): Map<string, readonly number[]> {
  const read = [...storedTensors(model)].map(
    (one) => [one.name, [...(readTensor(one).data as Float32Array)]] as const,
  );
  return new Map(read);
}

function farthest(found: readonly number[], expected: readonly number[]): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  return found.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (expected[index] ?? Number.NaN))),
    0,
  );
}
