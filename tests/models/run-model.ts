import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { createRandom } from '../../core/random.ts';
import { elementCount } from '../../core/tensor.ts';
import { decodeModel, readModelBytes } from '../../models/onnx/read.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { numberOf, type OnnxModel } from '../../models/onnx/model.ts';

/**
 * Without VNNI, ONNX Runtime's int8 kernels add pairs of products in 16 bits, which may saturate. The setting avoids that, so
 * results are the same on every x64 machine; ONNX Runtime 1.30 cannot load a model with a shared int8 weight under it.
 */
export function exactSettings(model: OnnxModel): ort.InferenceSession.SessionOptions {
  const weights = model.graph.node
    .filter(({ opType }) => opType === 'MatMulInteger' || opType === 'Gemm')
    .map(({ input }) => input[1]);
  const isShared = new Set(weights).size < weights.length;
  return isShared ? {} : { extra: { session: { x64quantprecision: '1' } } };
}

/** The outputs of a model for normal random inputs; each named axis has the size 3. */
export async function runModel(model: OnnxModel, seed: number): Promise<Float32Array[]> {
  const session = await ort.InferenceSession.create(encodeModel(model), exactSettings(model));
  const random = createRandom(seed);
  const feeds = model.graph.input.map((input) => {
    const axes = input.type?.tensorType?.shape?.dim ?? [];
    const shape = axes.map((axis) => numberOf(axis.dimValue ?? 0) || 3);
    const data = Float32Array.from({ length: elementCount(shape) }, () => random.normal());
    return [input.name, new ort.Tensor('float32', data, shape)] as const;
  });
  const outputs = await session.run(Object.fromEntries(feeds));
  await session.release();
  return model.graph.output.map(({ name }) => outputs[name]?.data as Float32Array);
}

/** Operators of the graph ONNX Runtime runs, after its own fusions. */
export async function kernelsOf(model: OnnxModel): Promise<string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-kernels-'));
  const file = path.join(folder, 'optimized.onnx');
  const session = await ort.InferenceSession.create(encodeModel(model), {
    optimizedModelFilePath: file,
    // It warns that an optimized file belongs to this machine; it is read and removed.
    logSeverityLevel: 3,
  });
  await session.release();
  const optimized = decodeModel(await readModelBytes(file), file);
  await rm(folder, { recursive: true });
  return optimized.graph.node.map(({ opType }) => opType);
}

/** Signal over error in decibels of one set of outputs against another. */
export function signalToErrorDb(expected: readonly Float32Array[], found: readonly Float32Array[]): number {
  const signal = expected.flatMap((tensor) => [...tensor]);
  const values = found.flatMap((tensor) => [...tensor]);
  const power = signal.reduce((sum, value) => sum + value ** 2, 0);
  const error = signal.reduce((sum, value, index) => sum + (value - (values[index] ?? NaN)) ** 2, 0);
  return 10 * Math.log10(power / error);
}
