import { version_core } from '@tensorflow/tfjs-core';
import { ortDevices } from '../onnxruntime/devices.ts';
import { graphicsDriver } from '../graphics-driver.ts';
import { startBackend, UnavailableDevice } from './backend.ts';
import type { StartDevice } from './devices.ts';
import { requireOptional } from './optional-package.ts';

/** What the package `webgpu` gives: Dawn, as Chromium has it. */
interface WebgpuPackage {
  create: (flags: readonly string[]) => { requestAdapter: () => Promise<object | null> };
  /** `GPUBufferUsage` and the like. */
  globals: object;
}

/** TF.js's WebGPU, which looks for a browser's `navigator.gpu`, on the system's graphics driver. */
export const startWebgpu: StartDevice = async () => {
  // The backend registers itself while it loads, and only where there is a `navigator.gpu`: it comes second.
  const { create, globals } = requireOptional('webgpu') as WebgpuPackage;
  const gpu = create([]);
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  requireOptional('@tensorflow/tfjs-backend-webgpu');
  if ((await gpu.requestAdapter()) === null || !(await startBackend('webgpu')))
    throw new UnavailableDevice('no graphics adapter is found', ortDevices.webgpu?.remedy ?? 'assay doctor');
  const { name, isSoftware } = graphicsDriver();
  return {
    name: 'webgpu',
    detail: `TensorFlow.js ${version_core}, ${name}`,
    isSoftware,
    readsAtOnce: false,
  };
};
