import { version_core } from '@tensorflow/tfjs-core';
import { ortDevices } from '../onnxruntime/devices.ts';
import { graphicsDriver } from '../graphics-driver.ts';
import { packageVersion } from '../package-version.ts';
import { isVulkanDriverThere } from '../vulkan-driver.ts';
import { startBackend, UnavailableDevice } from './backend.ts';
import type { StartDevice } from './devices.ts';
import { requireOptional } from './optional-package.ts';

/** What the package `webgpu` gives: Dawn, as Chromium has it. */
interface WebgpuPackage {
  create: (flags: readonly string[]) => { requestAdapter: () => Promise<object | null> };
  /** `GPUBufferUsage` and the like. */
  globals: object;
}

const driverRemedy = ortDevices.webgpu?.remedy ?? 'assay doctor';
const backend = '@tensorflow/tfjs-backend-webgpu';
const packages = ['webgpu', backend] as const;

/** A driver that is missing too is told at once. */
function afterInstall(): string {
  const isMissing = process.platform === 'linux' && !isVulkanDriverThere();
  return isMissing ? `and ${driverRemedy}` : 'then assay doctor';
}

/** TF.js's WebGPU, which looks for a browser's `navigator.gpu`, on the system's graphics driver. */
export const startWebgpu: StartDevice = async () => {
  const require = requireOptional(packages, afterInstall());
  const { create, globals } = require.webgpu('webgpu') as WebgpuPackage;
  const gpu = create([]);
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  // It registers itself while it loads, and only where there is a `navigator.gpu`.
  require[backend](backend);
  if ((await gpu.requestAdapter()) === null || !(await startBackend('webgpu')))
    throw new UnavailableDevice('no graphics adapter is found', driverRemedy);
  const { name, isSoftware } = graphicsDriver();
  return {
    name: 'webgpu',
    detail: `TensorFlow.js ${version_core}, ${name}`,
    isSoftware,
    readsAtOnce: false,
    versions: Object.fromEntries(packages.map((name) => [name, packageVersion(name, require[name])])),
  };
};
