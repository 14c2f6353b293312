import * as tf from '@tensorflow/tfjs-core';
import { inTurn, UnavailableDevice, type Backend } from './backend.ts';

/** Starts a device with so many threads; throws `UnavailableDevice` where it cannot. */
export type StartDevice = (threads: number) => Promise<Backend>;

const starters: Readonly<Record<string, () => Promise<StartDevice>>> = {
  cpu: async () => (await import('./cpu-device.ts')).startCpu,
  wasm: async () => (await import('./wasm-device.ts')).startWasm,
  webgpu: async () => (await import('./webgpu-device.ts')).startWebgpu,
  node: async () => (await import('./node-device.ts')).startNode,
  'node-gpu': async () => (await import('./node-device.ts')).startNodeGpu,
};

const started = new Map<string, Promise<Backend>>();

/** The backend of a device, which starts once a thread. Throws `UnavailableDevice` with what would mend it. */
export function startDevice(device: string, threads: number): Promise<Backend> {
  const key = `${device} ${threads}`;
  const backend = started.get(key) ?? inTurn(() => start(device, threads));
  started.set(key, backend);
  return backend;
}

async function start(device: string, threads: number): Promise<Backend> {
  // Silences the advice to install tfjs-node, and skips checks that cost time.
  tf.enableProdMode();
  const load = starters[device];
  if (load === undefined) {
    const known = Object.keys(starters).join(', ');
    throw new UnavailableDevice(`TensorFlow.js has no device "${device}"`, `choose one of: ${known}`);
  }
  return (await load())(threads);
}
