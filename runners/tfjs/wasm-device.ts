import * as wasm from '@tensorflow/tfjs-backend-wasm';
import { env, version_core } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import path from 'node:path';
import { startBackend, UnavailableDevice } from './backend.ts';
import type { StartDevice } from './devices.ts';
import { tooManyThreads } from './too-many-threads.ts';
import { registerThreadedWasm } from './wasm-threads.ts';

/** WebAssembly with SIMD where the engine has it: one thread as TF.js comes, several by our own start. */
export const startWasm: StartDevice = async (threads) => {
  const excess = tooManyThreads('wasm', threads);
  if (excess !== null) throw new UnavailableDevice(excess.reason, excess.remedy);
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  wasm.setWasmPaths(`${path.join(path.dirname(manifest), 'dist')}${path.sep}`);
  const name = threads === 1 ? 'wasm' : registerThreadedWasm(threads);
  if (!(await startBackend(name)))
    throw new UnavailableDevice('TensorFlow.js does not start its WebAssembly', 'npm install');
  const found = threads === 1 ? 1 : wasm.getThreadsCount();
  if (found !== threads)
    throw new UnavailableDevice(`TensorFlow.js took ${found} threads of ${threads}`, `threads: ${found}`);
  const simd = (await env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true ? 'with SIMD' : 'without SIMD';
  const several = threads === 1 ? '' : `, ${threads} threads`;
  return {
    name,
    detail: `TensorFlow.js ${version_core}, WebAssembly ${simd}${several}`,
    isSoftware: false,
    readsAtOnce: true,
  };
};
