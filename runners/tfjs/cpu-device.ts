import '@tensorflow/tfjs-backend-cpu';
import { version_core } from '@tensorflow/tfjs-core';
import { startBackend, UnavailableDevice } from './backend.ts';
import type { StartDevice } from './devices.ts';

/** Plain JavaScript. */
export const startCpu: StartDevice = async (threads) => {
  if (threads > 1)
    throw new UnavailableDevice(
      `TensorFlow.js's cpu has one thread; ${threads} were asked for`,
      'threads: 1',
    );
  if (!(await startBackend('cpu')))
    throw new UnavailableDevice('TensorFlow.js does not start it', 'npm install');
  return {
    name: 'cpu',
    detail: `TensorFlow.js ${version_core}, plain JavaScript`,
    isSoftware: false,
    readsAtOnce: true,
  };
};
