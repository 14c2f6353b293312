import * as tf from '@tensorflow/tfjs-core';
import { messageOf } from '../../core/errors.ts';
import type { Tensors } from '../../core/tensor.ts';
import type { Artifact, LoadSettings, Runner, Session } from '../runner.ts';
import { inTurn, useBackend, type Backend } from './backend.ts';
import { startDevice } from './devices.ts';
import { loadNetwork, type Network } from './network.ts';
import { probeDevice } from './probe.ts';
import { fromTfjs, toTfjs } from './tensors.ts';

/** TensorFlow.js in Node. */
export const tfjsRunner: Runner = { kind: 'tfjs', format: 'tfjs', probe: probeDevice, load };

async function load(artifact: Artifact, settings: LoadSettings): Promise<Session> {
  const backend = await startDevice(settings.device, settings.threads);
  const network = await inTurn(() => {
    useBackend(backend);
    return loadNetwork(artifact.path);
  });
  let isClosed = false;
  const refuseClosed = (): void => {
    if (isClosed) throw new Error('the session is closed');
  };
  return {
    inputs: network.inputs,
    outputs: network.outputs,
    run: (feeds) =>
      inTurn(() => {
        refuseClosed();
        useBackend(backend);
        return compute(network, feeds);
      }),
    ...(backend.readsAtOnce && !network.isAsync ? { prepare: prepareOn(backend, network) } : {}),
    close: () =>
      inTurn(() => {
        useBackend(backend);
        if (!isClosed) network.dispose();
        isClosed = true;
      }),
  };
}

/** Without a promise, where values can be read at once. */
function prepareOn(backend: Backend, network: Network): NonNullable<Session['prepare']> {
  return (feeds) => () => {
    useBackend(backend);
    const results = predictAtOnce(network, feeds);
    const values = results.map((result) => result.dataSync());
    tf.dispose(results);
    return named(network, results, values);
  };
}

async function compute(network: Network, feeds: Tensors): Promise<Tensors> {
  const results = await (network.isAsync ? predictInTurns : predictAtOnce)(network, feeds);
  try {
    const values = await Promise.all(results.map((result) => result.data()));
    return named(network, results, values);
  } finally {
    tf.dispose(results);
  }
}

function predictAtOnce(network: Network, feeds: Tensors): tf.Tensor[] {
  try {
    return tf.tidy(() => network.predict(inputsOf(network, feeds)) as tf.Tensor[]);
  } catch (cause) {
    throw cannotRun(cause);
  }
}

/** A model with control flow disposes of what it makes on the way by itself. */
async function predictInTurns(network: Network, feeds: Tensors): Promise<tf.Tensor[]> {
  const inputs = inputsOf(network, feeds);
  try {
    return await network.predict(inputs);
  } catch (cause) {
    throw cannotRun(cause);
  } finally {
    tf.dispose(inputs);
  }
}

function cannotRun(cause: unknown): Error {
  return new Error(`TF.js cannot run the model: ${messageOf(cause)}`, { cause });
}

function inputsOf({ inputs }: Network, feeds: Tensors): tf.Tensor[] {
  return inputs.map(({ name }) => toTfjs(feeds[name], name));
}

function named({ outputs }: Network, results: readonly tf.Tensor[], values: readonly unknown[]): Tensors {
  const entries = outputs.map(({ name }, index) => {
    const result = results[index];
    if (result === undefined) throw new Error(`internal: output "${name}" is missing`);
    return [name, fromTfjs(result, values[index])] as const;
  });
  return Object.fromEntries(entries);
}
