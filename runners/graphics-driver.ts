import { readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { readTextIfThere } from './read-text.ts';

/** What a process can see of the graphics it uses. */
export interface GraphicsEvidence {
  platform: NodeJS.Platform;
  /** Paths of the shared libraries in this process. */
  libraries: readonly string[];
  /** Device files this process holds open, each with its kernel driver where there is one; Linux only. */
  devices: readonly { file: string; kernelDriver: string | null }[];
}

/** Whose code computes on a graphics device, and whether that is the processor after all. */
export interface GraphicsDriver {
  name: string;
  isSoftware: boolean;
}

/** Vulkan drivers that compute on the processor. */
const softwareLibrary = /swiftshader|_lvp|lavapipe|llvmpipe|mock_icd/i;
/** Drivers of a GPU by how their libraries are called: Mesa's and those of the makers. */
const linuxLibrary =
  /^(?:libvulkan_[a-z]|libGLX_nvidia|libnvidia-|amdvlk|libvulkan\w*mali|libGLES_mali|vulkan\.)/i;
const windowsLibrary = /^(?:nvwgf2um|nvoglv|nvldumd|amdxc|amdxn|atidxx|igd\d+um|igvk|qcdx)/i;
/** Kernel drivers of GPUs that run Vulkan. What a virtual machine shows as a display is none. */
const gpuKernelDriver =
  /^(?:amdgpu|asahi|i915|msm\w*|nouveau|nvidia|panfrost|panthor|pvr\w*|tegra\w*|v3d|xe)$/;
/** Devices of drivers outside the kernel's own tree: NVIDIA's, WSL's, those of phones. */
const gpuDevice = /^\/dev\/(?:nvidia\d+|dxg|kgsl-3d\d+|mali\d+)$/;

/**
 * The driver behind the graphics device that this process has just computed on. Taken for software unless a GPU is seen: on Linux the
 * driver of a GPU is loaded and its device open, on Windows its driver is loaded, and a Mac's Metal runs on nothing else.
 */
export function graphicsDriver(evidence: GraphicsEvidence = readEvidence()): GraphicsDriver {
  const names = evidence.libraries.map((library) => path.win32.basename(library));
  if (evidence.platform === 'darwin') return { name: 'Metal', isSoftware: false };
  const known = evidence.platform === 'win32' ? windowsLibrary : linuxLibrary;
  const gpu = names.find((name) => known.test(name) && !softwareLibrary.test(name));
  if (gpu !== undefined && (evidence.platform === 'win32' || evidence.devices.some(isGpu)))
    return { name: gpu, isSoftware: false };
  return { name: names.find((name) => softwareLibrary.test(name)) ?? 'an unknown driver', isSoftware: true };
}

function isGpu({ file, kernelDriver }: GraphicsEvidence['devices'][number]): boolean {
  return gpuDevice.test(file) || (kernelDriver !== null && gpuKernelDriver.test(kernelDriver));
}

function readEvidence(): GraphicsEvidence {
  return { platform: process.platform, libraries: loadedLibraries(), devices: openDevices() };
}

function loadedLibraries(): string[] {
  // It would look up the name of each interface.
  Object.assign(process.report, { excludeNetwork: true });
  const { sharedObjects } = process.report.getReport() as { sharedObjects?: string[] };
  return sharedObjects ?? [];
}

function openDevices(): GraphicsEvidence['devices'] {
  const files = [...new Set(openFiles().filter((file) => file.startsWith('/dev/')))];
  return files.map((file) => ({ file, kernelDriver: kernelDriverOf(file) }));
}

function openFiles(): string[] {
  try {
    return readdirSync('/proc/self/fd').flatMap(linkIfThere);
  } catch {
    return [];
  }
}

/** The folder itself was open while it was read. */
function linkIfThere(name: string): string[] {
  try {
    return [readlinkSync(`/proc/self/fd/${name}`)];
  } catch {
    return [];
  }
}

function kernelDriverOf(file: string): string | null {
  if (!file.startsWith('/dev/dri/')) return null;
  const text = readTextIfThere(`/sys/class/drm/${path.basename(file)}/device/uevent`) ?? '';
  return /^DRIVER=(.+)$/m.exec(text)?.[1] ?? null;
}
