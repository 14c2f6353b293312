import { installNvidiaDriver } from '../nvidia-driver.ts';

/** A device of ONNX Runtime: how it is called, where its package offers it, and what makes it work there. */
interface OrtDevice {
  title: string;
  /** In words. */
  offeredOn: string;
  remedy: string;
}

/** Debian's and Ubuntu's own software driver, lavapipe, may be too old for WebGPU; the one that Chromium carries is not. */
const vulkan =
  'for a GPU, install its Vulkan driver; without one, apt install chromium, then ' +
  'LD_LIBRARY_PATH=/usr/lib/chromium VK_DRIVER_FILES=/usr/lib/chromium/vk_swiftshader_icd.json assay doctor';

export const ortDevices: Readonly<Record<string, OrtDevice>> = {
  cpu: { title: 'the processor', offeredOn: 'every platform', remedy: 'npm install, then assay doctor' },
  webgpu: {
    title: 'WebGPU',
    offeredOn: 'every platform',
    remedy: process.platform === 'linux' ? vulkan : 'update the graphics driver, then assay doctor',
  },
  cuda: {
    title: 'CUDA',
    offeredOn: 'Linux on x64 with an NVIDIA GPU',
    remedy: `${installNvidiaDriver}, then assay doctor`,
  },
  tensorrt: {
    title: 'TensorRT',
    offeredOn: 'Linux on x64 with an NVIDIA GPU',
    remedy: 'install TensorRT 10 and put its folder in LD_LIBRARY_PATH, then assay doctor',
  },
  dml: {
    title: 'DirectML',
    offeredOn: 'Windows',
    remedy: 'update the graphics driver, then assay doctor',
  },
  coreml: {
    title: 'Core ML',
    offeredOn: 'macOS',
    remedy: 'update macOS, then assay doctor',
  },
};
