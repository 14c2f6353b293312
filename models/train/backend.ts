import { createRequire } from 'node:module';
import path from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { ready, setBackend } from '@tensorflow/tfjs-core';
// Registers the gradients of TF.js's operations, which tfjs-core leaves out.
import '@tensorflow/tfjs-layers';

/**
 * Makes TF.js compute with its WebAssembly backend: one thread, IEEE 754 float32 in a fixed order, so training gives
 * the same bytes on every machine of a kind.
 */
export async function startTrainingBackend(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${path.dirname(entry)}${path.sep}`);
  if (!(await setBackend('wasm'))) throw new Error('The WebAssembly backend of TF.js does not start.');
  await ready();
}
