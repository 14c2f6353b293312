import { setImmediate as nextTurn } from 'node:timers/promises';
import type { InferenceSession } from 'onnxruntime-node';
import { binding, initOrt, type Binding } from 'onnxruntime-node/dist/binding.js';
import type { Tensor, Tensors, TensorType } from '../../core/tensor.ts';
import { elementTypeName } from '../../models/onnx/element-type.ts';
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

/**
 * ONNX Runtime through its Node binding. The package's own `session.run` waits a turn of the event loop before each call,
 * which is no part of the inference; sessions here call the binding below it.
 */
export const onnxruntimeRunner: Runner = {
  kind: 'onnxruntime',
  format: 'onnx',
  probe: probeDevice,
  load,
};

async function load(artifact: Artifact, settings: LoadSettings): Promise<Session> {
  const native = await openModel(artifact.path, settings);
  const run = bindRun(native);
  const inputs = native.inputMetadata.map(describe);
  return {
    inputs,
    outputs: native.outputMetadata.map(describe),
    run: async (feeds) => {
      // The binding runs in this thread: without a turn in between, many calls would keep messages waiting.
      await nextTurn();
      return fromOrt(run(toOrt(inputs, feeds)));
    },
    prepare: (feeds) => {
      const ready = toOrt(inputs, feeds);
      return () => run(ready);
    },
    close: () => {
      native.dispose();
      return Promise.resolve();
    },
  };
}

async function openModel(path: string, settings: LoadSettings): Promise<Binding.InferenceSession> {
  await nextTurn();
  initOrt();
  const native = new binding.InferenceSession();
  native.loadModel(path, sessionOptions(settings));
  return native;
}

function sessionOptions(settings: LoadSettings): InferenceSession.SessionOptions {
  return {
    executionProviders: [providerOf(settings)],
    graphOptimizationLevel: settings.graphOptimization,
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    ...settings.sessionOptions,
  };
}

/** The package's types know few of the options that the binding passes on. */
function providerOf({
  device,
  deviceIndex,
  providerOptions,
}: LoadSettings): InferenceSession.ExecutionProviderConfig {
  const provider = { name: device, deviceId: deviceIndex, ...providerOptions };
  return provider;
}

type OrtValues = ReturnType<Binding.InferenceSession['run']>;

/** All outputs, each in memory of its own. */
function bindRun(native: Binding.InferenceSession): (feeds: OrtValues) => OrtValues {
  const fetches = Object.fromEntries(native.outputMetadata.map(({ name }) => [name, null]));
  // The binding makes new run options in every call that passes any; only its types insist on them.
  const run = native.run.bind(native) as (feeds: OrtValues, fetched: typeof fetches) => OrtValues;
  return (feeds) => run(feeds, fetches);
}

function describe({ name, isTensor, type, shape }: Binding.ValueMetadata): TensorSpec {
  if (!isTensor) throw new Error(`"${name}" is not a tensor; only tensors can be read and written`);
  const sizes = shape.map((size) => (size < 0 ? null : size));
  return { name, type: readableType(elementTypeName(type), name), shape: sizes };
}

function readableType(type: string, name: string): TensorType {
  const found = readable.find((known) => known === type);
  if (found === undefined) throw new Error(`"${name}" is ${type}; ${readable.join(', ')} are accepted`);
  return found;
}

/** Plain objects: the binding reads every field anew in each call, and those of `ort.Tensor` are getters. */
function toOrt(specs: readonly TensorSpec[], feeds: Tensors): OrtValues {
  const entries = specs.map(({ name }) => {
    const tensor = feeds[name];
    if (tensor === undefined) throw new Error(`input "${name}" is missing`);
    const { type, shape: dims, data } = tensor;
    return [name, { type, dims, data, location: 'cpu' }] as const;
  });
  return Object.fromEntries(entries) as unknown as OrtValues;
}

function fromOrt(outputs: OrtValues): Tensors {
  const entries = Object.entries(outputs).map(([name, value]) => {
    const type = readableType(value.type, name);
    return [name, { type, shape: value.dims, data: value.data } as unknown as Tensor] as const;
  });
  return Object.fromEntries(entries);
}
