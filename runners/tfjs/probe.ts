import * as tf from '@tensorflow/tfjs-core';
import { messageOf } from '../../core/errors.ts';
import { siblingModule } from '../../core/package-root.ts';
import { askChild } from '../ask-child.ts';
import type { Probe } from '../runner.ts';
import { inTurn, UnavailableDevice, useBackend, type Backend } from './backend.ts';
import { startDevice } from './devices.ts';
import { isSetUp, setupCommands } from './node-device.ts';
import type { TensorflowPackage } from './setup/setup-folder.ts';

/** Devices of which a process can load one. */
const tensorflowPackages: Readonly<Record<string, TensorflowPackage>> = {
  node: 'tfjs-node',
  'node-gpu': 'tfjs-node-gpu',
};

const timeoutMs = 60_000;

/** Proves a device by a product, that of TensorFlow in a process of its own. */
export async function probeDevice(device: string): Promise<Probe> {
  const name = tensorflowPackages[device];
  if (name === undefined || !isSetUp(name)) return probeHere(device);
  const module = siblingModule(import.meta.url, './probe-process');
  const answer = await askChild<{ probe: Probe }>(
    module,
    { device },
    { timeoutMs, signal: new AbortController().signal },
  );
  if (answer.status === 'ok') return answer.probe;
  return { status: 'unavailable', reason: answer.reason, remedy: setupCommands[name] };
}

export async function probeHere(device: string): Promise<Probe> {
  try {
    const backend = await startDevice(device, 1);
    const product = await inTurn(() => multiplyOn(backend));
    if (product !== 11) throw new Error(`[1, 2] times [3, 4] came to ${product}`);
    const { detail, isSoftware, versions = {} } = backend;
    return { status: 'works', detail, isSoftware, versions };
  } catch (thrown) {
    const remedy = thrown instanceof UnavailableDevice ? thrown.remedy : 'npm install, then assay doctor';
    return { status: 'unavailable', reason: messageOf(thrown), remedy };
  }
}

async function multiplyOn(backend: Backend): Promise<number | undefined> {
  useBackend(backend);
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])));
  const [value] = await product.data();
  product.dispose();
  return value;
}
