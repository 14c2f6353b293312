import '@tensorflow/tfjs-backend-cpu';
import { io, setBackend, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../../core/random.ts';
import { elementCount } from '../../../../core/tensor.ts';
import { loadModel, onnxOf, type Model } from '../../../../models/manifest.ts';
import { encodeModel } from '../../../../models/onnx/write.ts';
import { exportOnnx } from '../../../../models/tfjs/export/export-onnx.ts';
import { modelArtifacts } from '../../../../models/tfjs/model-artifacts.ts';
import type { TfjsModel } from '../../../../models/tfjs/model.ts';
import { readTfjsModel } from '../../../../models/tfjs/read.ts';

beforeAll(() => setBackend('cpu'));

/** Numbers, or token ids where the model takes those. */
interface Feed {
  shape: number[];
  data: Float32Array | Int32Array;
}

function feedOf(shape: number[], vocabulary?: number): Feed {
  const random = createRandom(1);
  const length = elementCount(shape);
  if (vocabulary === undefined) return { shape, data: Float32Array.from({ length }, () => random.normal()) };
  return { shape, data: Int32Array.from({ length }, () => random.below(vocabulary)) };
}

async function byTfjs(model: TfjsModel, { shape, data }: Feed): Promise<Float32Array> {
  const network = await loadLayersModel(io.fromMemory(modelArtifacts(model)));
  const type = data instanceof Int32Array ? 'int32' : 'float32';
  const output = tidy(() => network.predict(tensor(data, shape, type)) as Tensor);
  return Float32Array.from(output.dataSync());
}

async function byOnnx(model: Uint8Array, feed: Feed, ids: 'int32' | 'int64'): Promise<Float32Array> {
  const session = await InferenceSession.create(model);
  const outputs = await session.run({ [session.inputNames[0] ?? '']: ortTensor(feed, ids) });
  await session.release();
  return outputs[session.outputNames[0] ?? '']?.data as Float32Array;
}

function ortTensor({ shape, data }: Feed, ids: 'int32' | 'int64'): OrtTensor {
  if (data instanceof Float32Array) return new OrtTensor('float32', data, shape);
  return ids === 'int32'
    ? new OrtTensor('int32', data, shape)
    : new OrtTensor('int64', BigInt64Array.from(data, BigInt), shape);
}

function farthest(found: Float32Array, expected: Float32Array): number {
  expect(found).toHaveLength(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return (
    found.reduce((most, value, at) => Math.max(most, Math.abs(value - (expected[at] ?? NaN))), 0) / largest
  );
}

const feeds: [id: string, feed: Feed][] = [
  ['cars-mlp', feedOf([5, 9])],
  ['tumours-mlp', feedOf([5, 30])],
  ['digits-cnn', feedOf([3, 1, 8, 8])],
  ['grammar-transformer', feedOf([2, 11], 151)],
  ['grammar-transformer', feedOf([1, 39], 151)],
  ['grammar-transformer', feedOf([3, 1], 151)],
];

test.for(feeds)(
  '%s says the same by TF.js, exported, and as the ONNX file of the catalog',
  async ([id, feed]) => {
    const model: Model = await loadModel(id);
    const tfjs = await readTfjsModel(model.tfjs?.path ?? '');
    const expected = await byTfjs(tfjs, feed);
    const exported = encodeModel((await exportOnnx(tfjs)).model);
    expect(farthest(await byOnnx(exported, feed, 'int32'), expected)).toBeLessThan(1e-5);
    const own = await byOnnx(await readFile(onnxOf(model).path), feed, 'int64');
    expect(farthest(own, expected)).toBeLessThan(1e-5);
  },
);
