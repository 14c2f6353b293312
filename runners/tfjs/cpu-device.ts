import '@tensorflow/tfjs-backend-cpu';
import { version_core } from '@tensorflow/tfjs-core';
import { startBackend, UnavailableDevice } from './backend.ts';
import type { StartDevice } from './devices.ts';
import { tooManyThreads } from './too-many-threads.ts';

/** Plain JavaScript. */
export const startCpu: StartDevice = async (threads) => {
  const excess = tooManyThreads('cpu', threads);
  if (excess !== null) throw new UnavailableDevice(excess.reason, excess.remedy);
  if (!(await startBackend('cpu')))
    throw new UnavailableDevice('TensorFlow.js does not start it', 'npm install');
  return {
    name: 'cpu',
    detail: `TensorFlow.js ${version_core}, plain JavaScript`,
    isSoftware: false,
    readsAtOnce: true,
  };
};
