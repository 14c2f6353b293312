import * as tf from '@tensorflow/tfjs-core';
import path from 'node:path';
import util from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { messageOf } from '../../core/errors.ts';
import { installNvidiaDriver, seesNvidiaGpu } from '../nvidia-driver.ts';
import { packageVersion } from '../package-version.ts';
import type { Versions } from '../runner.ts';
import { startBackend, UnavailableDevice, type Backend } from './backend.ts';
import type { StartDevice } from './devices.ts';
import { ownPlaces, requireFor } from './optional-package.ts';
import { setupFolder, type TensorflowPackage } from './setup/setup-folder.ts';
import { tensorflowEnvironment } from './tensorflow-environment.ts';

/** What TF.js's backend on TensorFlow tells of itself. */
interface TensorflowBackend {
  binding: { TF_Version: string };
  isUsingGpuDevice: boolean;
}

/** TensorFlow on the processor. */
export const startNode: StartDevice = (threads) => startTensorflow('tfjs-node', threads);

/** TensorFlow on a GPU of NVIDIA. */
export const startNodeGpu: StartDevice = (threads) => startTensorflow('tfjs-node-gpu', threads);

/** What sets each of them up. */
export const setupCommands = {
  'tfjs-node': 'assay setup tfjs-node',
  'tfjs-node-gpu': 'assay setup tfjs-node --gpu',
};

/** What the library of each is called among the packages of an environment. */
const tensorflowLibraries = {
  'tfjs-node': 'libtensorflow',
  'tfjs-node-gpu': 'libtensorflow-gpu',
};

let loaded: { name: TensorflowPackage; threads: number } | null = null;

/** Starts TensorFlow from the package in a folder of `assay setup`, or in the project where that is not there. */
export async function startTensorflow(
  name: TensorflowPackage,
  threads: number,
  folder = setupFolder(name),
): Promise<Backend> {
  const require = findPackage(name, folder);
  refuseAnother(name, threads);
  loadPackage(name, require);
  loaded = { name, threads };
  if (!(await startBackend('tensorflow')))
    throw new UnavailableDevice('TensorFlow does not start', setupCommands[name]);
  const { binding, isUsingGpuDevice } = tf.backend() as unknown as TensorflowBackend;
  if (name === 'tfjs-node-gpu' && !isUsingGpuDevice)
    throw new UnavailableDevice('TensorFlow sees no GPU', 'nvidia-smi');
  return {
    name: 'tensorflow',
    detail: `TensorFlow.js ${tf.version_core}, TensorFlow ${binding.TF_Version}`,
    isSoftware: false,
    readsAtOnce: true,
    versions: versionsOf(name, binding, require),
  };
}

/** Of both packages a run may use one beside the other, each with a TensorFlow of its own. */
function versionsOf(
  name: TensorflowPackage,
  { TF_Version }: TensorflowBackend['binding'],
  require: NodeJS.Require,
): Versions {
  const scoped = `@tensorflow/${name}`;
  return { [scoped]: packageVersion(scoped, require), [tensorflowLibraries[name]]: TF_Version };
}

/** TensorFlow takes its number of threads when it loads, and a process cannot hold two of it. */
function refuseAnother(name: TensorflowPackage, threads: number): void {
  if (isMainThread && loaded === null)
    Object.assign(process.env, tensorflowEnvironment, { TF_NUM_INTRAOP_THREADS: String(threads) });
  const fixed = loaded?.threads ?? Number(process.env.TF_NUM_INTRAOP_THREADS);
  if (loaded !== null && loaded.name !== name)
    throw new UnavailableDevice(
      `this process computes on ${loaded.name}`,
      'one of node and node-gpu a suite',
    );
  if (fixed !== threads)
    throw new UnavailableDevice(
      `TensorFlow took ${fixed} threads when it was loaded; ${threads} were asked for`,
      `threads: ${fixed}`,
    );
}

/** Whether there is a package to load, in the folder of `assay setup` or in the project. */
export function isSetUp(name: TensorflowPackage): boolean {
  return requireOf(name, setupFolder(name)) !== null;
}

function findPackage(name: TensorflowPackage, folder: string): NodeJS.Require {
  const found = requireOf(name, folder);
  if (found !== null) return found;
  throw notSetUp(name, name === 'tfjs-node' || seesNvidiaGpu());
}

/** The setup says itself what it takes, but for a driver it can do nothing. */
export function notSetUp(name: TensorflowPackage, canRun: boolean): UnavailableDevice {
  const reason = `@tensorflow/${name} is not set up here`;
  if (canRun) return new UnavailableDevice(reason, setupCommands[name]);
  const remedy = `${installNvidiaDriver}, then ${setupCommands[name]}`;
  return new UnavailableDevice(`nvidia-smi sees no GPU, and ${reason}`, remedy);
}

function requireOf(name: TensorflowPackage, folder: string): NodeJS.Require | null {
  return requireFor(`@tensorflow/${name}`, [path.join(folder, 'package.json'), ...ownPlaces()]);
}

function loadPackage(name: TensorflowPackage, require: NodeJS.Require): void {
  supplyMissingFunctions();
  try {
    require(`@tensorflow/${name}`);
  } catch (thrown) {
    const [reason = ''] = messageOf(thrown).split('\n');
    throw new UnavailableDevice(reason, setupCommands[name]);
  }
}

/** What tfjs-node 4.22 calls: Node warns of the one and has no longer the other, from version 23. */
function supplyMissingFunctions(): void {
  Object.assign(util, {
    isArray: Array.isArray,
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  });
}
