import '@tensorflow/tfjs-backend-cpu';
import { io, setBackend, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { expect } from 'vitest';
import { createRandom, type Random } from '../../../../core/random.ts';
import { elementCount } from '../../../../core/tensor.ts';
import type { OnnxModel } from '../../../../models/onnx/model.ts';
import { encodeModel } from '../../../../models/onnx/write.ts';
import { exportOnnx } from '../../../../models/tfjs/export/export-onnx.ts';
import type { TfjsModel, Weight, WeightSpec } from '../../../../models/tfjs/model.ts';
import { storedBytes } from '../../../../models/tfjs/weight-values.ts';

/** Numbers of an input: what TF.js and ONNX Runtime both get. */
export interface Feed {
  type: 'float32' | 'int32' | 'bool';
  shape: number[];
  data: Float32Array | Int32Array | Uint8Array;
}

/** Normal numbers of a shape. */
export function floats(shape: number[], random: Random): Feed {
  const data = Float32Array.from({ length: elementCount(shape) }, () => random.normal());
  return { type: 'float32', shape, data };
}

/** Gives every weight of a model random values, such as training could have left; a variance is positive. */
export function randomize(network: LayersModel, seed = 1): LayersModel {
  const random = createRandom(seed);
  tidy(() => {
    const weights = network.weights.map(({ originalName, shape }) => {
      const values = floats(shape as number[], random).data.map((value) =>
        originalName.includes('variance') ? 0.2 + Math.abs(value) : 0.4 * value,
      );
      return tensor(values, shape as number[]);
    });
    network.setWeights(weights);
  });
  return network;
}

/** A model as its files would hold it. */
export async function storedModel(network: LayersModel): Promise<TfjsModel> {
  const { promise, resolve } = Promise.withResolvers<io.ModelArtifacts>();
  const handler = io.withSaveHandler((artifacts) => {
    resolve(artifacts);
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
  });
  await network.save(handler);
  const { modelTopology, weightSpecs = [], weightData = new ArrayBuffer() } = await promise;
  const bytes = new Uint8Array(io.CompositeArrayBuffer.join(weightData));
  let start = 0;
  const weights = (weightSpecs as WeightSpec[]).map((spec): Weight => {
    start += storedBytes(spec) ?? 0;
    return { spec, bytes: bytes.subarray(start - (storedBytes(spec) ?? 0), start) };
  });
  return {
    file: {
      format: 'layers-model',
      modelTopology: modelTopology as Record<string, unknown>,
      weightsManifest: [{ paths: [], weights: weights.map(({ spec }) => spec) }],
    },
    groups: [weights],
  };
}

/** Exports a model and holds every output against what TF.js computes: within 1e-5 of the largest. Gives the operators of the graph. */
export async function expectSame(network: LayersModel, feeds: readonly Feed[]): Promise<string[]> {
  await setBackend('cpu');
  const { model } = await exportOnnx(await storedModel(network));
  const inputs = feeds.map((feed) => tensor(feed.data, feed.shape, feed.type));
  const expected = [network.predict(inputs.length === 1 ? (inputs[0] as Tensor) : inputs)].flat();
  const found = await runOnnx(model, feeds);
  expect(found).toHaveLength(expected.length);
  for (const [index, { shape, values }] of found.entries()) {
    const wanted = expected[index] as Tensor;
    expect(shape).toEqual(wanted.shape);
    const numbers = Float32Array.from(wanted.dataSync());
    const largest = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const farthest = values.reduce((most, value, at) => {
      const distance = Math.abs(value - (numbers[at] ?? NaN));
      return distance <= most ? most : distance;
    }, 0);
    expect(farthest / largest).toBeLessThan(1e-5);
  }
  return model.graph.node.map(({ opType }) => opType);
}

/** What ONNX Runtime makes of a model; inputs in order. */
export async function runOnnx(
  model: OnnxModel,
  feeds: readonly Feed[],
): Promise<{ shape: readonly number[]; values: Float32Array }[]> {
  const session = await InferenceSession.create(encodeModel(model), { logSeverityLevel: 3 });
  const named = session.inputNames.map((name, index) => {
    const { type, shape, data } = feeds[index] as Feed;
    return [name, new OrtTensor(type, data as Float32Array, shape)] as const;
  });
  const outputs = await session.run(Object.fromEntries(named));
  await session.release();
  return session.outputNames.map((name) => {
    const output = outputs[name] as OrtTensor;
    return { shape: output.dims, values: Float32Array.from(output.data as Float32Array) };
  });
}
