import * as ort from 'onnxruntime-node';
import type { Tensor, Tensors, TensorType } from '../../core/tensor.ts';
import type { Artifact, LoadSettings, Runner, Session, TensorSpec } from '../runner.ts';
import { probeDevice } from './probe.ts';

const readable: readonly TensorType[] = [
  'float32',
  'float64',
  'int8',
  'uint8',
  'int32',
  'int64',
  'bool',
  'string',
];

/** ONNX Runtime through its Node binding. */
export const onnxruntimeRunner: Runner = {
  kind: 'onnxruntime',
  format: 'onnx',
  probe: probeDevice,
  load,
};

async function load(artifact: Artifact, settings: LoadSettings): Promise<Session> {
  const session = await ort.InferenceSession.create(artifact.path, {
    executionProviders: [settings.device],
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  return {
    inputs: session.inputMetadata.map(describe),
    outputs: session.outputMetadata.map(describe),
    run: async (inputs) => fromOrt(await session.run(toOrt(inputs))),
    close: () => session.release(),
  };
}

function describe(metadata: ort.InferenceSession.ValueMetadata): TensorSpec {
  if (!metadata.isTensor)
    throw new Error(`"${metadata.name}" is not a tensor; only tensors can be read and written`);
  const shape = metadata.shape.map((size) => (typeof size === 'number' ? size : null));
  return { name: metadata.name, type: readableType(metadata.type, metadata.name), shape };
}

function readableType(type: string, name: string): TensorType {
  const found = readable.find((known) => known === type);
  if (found === undefined) throw new Error(`"${name}" is ${type}; ${readable.join(', ')} are accepted`);
  return found;
}

function toOrt(inputs: Tensors): ort.InferenceSession.FeedsType {
  const entries = Object.entries(inputs).map(([name, { type, shape, data }]) => {
    const dims = [...shape];
    return [name, new ort.Tensor(type as 'float32', data as Float32Array, dims)] as const;
  });
  return Object.fromEntries(entries);
}

function fromOrt(outputs: ort.InferenceSession.ReturnType): Tensors {
  const entries = Object.entries(outputs).map(([name, value]) => {
    const type = readableType(value.type, name);
    return [name, { type, shape: value.dims, data: value.data } as unknown as Tensor] as const;
  });
  return Object.fromEntries(entries);
}
