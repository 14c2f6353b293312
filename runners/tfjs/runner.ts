import '@tensorflow/tfjs-backend-cpu';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { createRequire } from 'node:module';
import path from 'node:path';
import { messageOf } from '../../core/errors.ts';
import type { Tensor, Tensors, TensorSpec } from '../../core/tensor.ts';
import { modelArtifacts } from '../../models/tfjs/model-artifacts.ts';
import { portNames } from '../../models/tfjs/names.ts';
import { readTfjsModel } from '../../models/tfjs/read.ts';
import type { Artifact, LoadSettings, Probe, Runner, Session } from '../runner.ts';

/** TensorFlow.js in Node, on its own WebAssembly or plain JavaScript backend. */
export const tfjsRunner: Runner = { kind: 'tfjs', format: 'tfjs', probe, load };

async function probe(device: string): Promise<Probe> {
  try {
    await useBackend(device);
    const sum = tf.tidy(() => tf.add(tf.tensor1d([1, 2]), 1));
    const values = await sum.data();
    sum.dispose();
    if (values[1] !== 3) throw new Error(`1 + 2 came to ${values[1]}`);
    return {
      status: 'works',
      detail: `TensorFlow.js ${tf.version_core}, backend ${device}`,
      isSoftware: false,
    };
  } catch (thrown) {
    return { status: 'unavailable', reason: messageOf(thrown), remedy: 'npm install, then assay doctor' };
  }
}

async function useBackend(device: string): Promise<void> {
  // Silences the advice to install tfjs-node, and skips checks that cost time.
  tf.enableProdMode();
  if (tf.getBackend() === device) return;
  const folder = path.dirname(
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'),
  );
  if (device === 'wasm') wasm.setWasmPaths(`${path.join(folder, 'dist')}${path.sep}`);
  if (!(await tf.setBackend(device))) throw new Error(`TensorFlow.js has no backend "${device}" here`);
  await tf.ready();
}

type Model = Awaited<ReturnType<typeof loadLayersModel>> | Awaited<ReturnType<typeof loadGraphModel>>;

async function load(artifact: Artifact, settings: LoadSettings): Promise<Session> {
  await useBackend(settings.device);
  const model = await loadModel(artifact.path);
  const names = namesOf(model);
  const inputs = model.inputs.map((input, index) => describe(input, names.inputs[index]));
  const outputs = model.outputs.map((output, index) => describe(output, names.outputs[index]));
  let isClosed = false;
  return {
    inputs,
    outputs,
    run: async (feeds) => {
      if (isClosed) throw new Error('the session is closed');
      return run(model, { inputs, outputs }, feeds);
    },
    close: () => {
      if (!isClosed) model.dispose();
      isClosed = true;
      return Promise.resolve();
    },
  };
}

async function loadModel(file: string): Promise<Model> {
  const artifacts = modelArtifacts(await readTfjsModel(file));
  const handler = { load: () => Promise.resolve(artifacts) };
  try {
    const isGraph = artifacts.format === 'graph-model';
    return await (isGraph ? loadGraphModel(handler) : loadLayersModel(handler));
  } catch (cause) {
    throw new Error(`TF.js cannot read the model: ${messageOf(cause)}`, { cause });
  }
}

function namesOf(model: Model): { inputs: readonly string[]; outputs: readonly string[] } {
  return 'inputNodes' in model ? { inputs: model.inputNodes, outputs: model.outputNodes } : portNames(model);
}

function describe(
  { dtype, shape = [] }: { dtype?: string; shape?: (number | null)[] },
  name = '',
): TensorSpec {
  const sizes = shape.map((size) => (size === null || size < 0 ? null : size));
  return { name, type: dtype === 'int32' ? 'int32' : 'float32', shape: sizes };
}

async function run(
  model: Model,
  specs: Pick<Session, 'inputs' | 'outputs'>,
  feeds: Tensors,
): Promise<Tensors> {
  const results = tf.tidy(() => {
    const inputs = specs.inputs.map(({ name }) => toTfjs(feeds[name], name));
    return predict(model, inputs);
  });
  const entries = specs.outputs.map(
    async ({ name }, index) => [name, await fromTfjs(results[index])] as const,
  );
  const outputs = Object.fromEntries(await Promise.all(entries));
  tf.dispose(results);
  return outputs;
}

function predict(model: Model, inputs: tf.Tensor[]): tf.Tensor[] {
  try {
    const predicted = model.predict(inputs.length === 1 ? (inputs[0] as tf.Tensor) : inputs);
    return Array.isArray(predicted) ? predicted : [predicted as tf.Tensor];
  } catch (cause) {
    throw new Error(`TF.js cannot run the model: ${messageOf(cause)}`, { cause });
  }
}

function toTfjs(tensor: Tensor | undefined, name: string): tf.Tensor {
  if (tensor === undefined) throw new Error(`input "${name}" is missing`);
  const shape = [...tensor.shape];
  if (tensor.type === 'float32') return tf.tensor(tensor.data, shape, 'float32');
  if (tensor.type === 'int32') return tf.tensor(tensor.data, shape, 'int32');
  throw new Error(`input "${name}" is ${tensor.type}; float32 and int32 are accepted`);
}

async function fromTfjs(tensor: tf.Tensor | undefined): Promise<Tensor> {
  if (tensor === undefined) throw new Error('internal: an output is missing');
  const data = await tensor.data();
  if (data instanceof Float32Array) return { type: 'float32', shape: tensor.shape, data };
  return { type: 'int32', shape: tensor.shape, data: Int32Array.from(data) };
}
