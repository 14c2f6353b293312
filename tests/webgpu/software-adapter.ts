import { existsSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findBrowser } from '../site/find-browser.ts';

/** Chromium carries SwiftShader, a Vulkan driver that computes on the processor, and a loader of Vulkan drivers. */
const manifest = 'vk_swiftshader_icd.json';
const loader = 'libvulkan.so.1';
/** Keeps a library in the process after it turned out to be no module of Node. */
const keepLoaded = 0x1000;

/** Makes SwiftShader the one graphics driver of this process, before it starts WebGPU, and of those it starts. */
export function useSoftwareAdapter(): void {
  const folder = folderOfChromium();
  process.env.VK_DRIVER_FILES = path.join(folder, manifest);
  process.env.LD_LIBRARY_PATH = folder;
  preload(path.join(folder, loader));
}

/** Where the driver is found as one that was installed is, and not named by a variable that says what it is. */
export function folderOfChromium(): string {
  const beside = path.dirname(realpathSync(findBrowser()));
  const folders = [beside, '/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
  const found = folders.find((folder) =>
    [manifest, loader].every((file) => existsSync(path.join(folder, file))),
  );
  if (found !== undefined) return found;
  throw new Error(`No ${manifest} with ${loader} in any of: ${folders.join(', ')}.`);
}

/** This process read the path of its libraries when it started; one that is loaded already is found by its name. */
function preload(library: string): void {
  try {
    process.dlopen({ exports: {} }, library, os.constants.dlopen.RTLD_NOW | keepLoaded);
  } catch {
    // It is none of Node's modules, and stays all the same.
  }
}
