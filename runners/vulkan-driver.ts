import { readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Where a Vulkan loader looks for drivers, beside what its variables name. */
export interface VulkanEvidence {
  variables: Readonly<Record<string, string | undefined>>;
  /** Folders that hold `vulkan/icd.d`. */
  folders: readonly string[];
}

const naming = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES'];

/** Whether any Vulkan driver is installed or named; of Linux. */
export function isVulkanDriverThere({ variables, folders }: VulkanEvidence = readEvidence()): boolean {
  if (naming.some((name) => (variables[name] ?? '') !== '')) return true;
  return folders.some((folder) =>
    namesIn(path.join(folder, 'vulkan', 'icd.d')).some((name) => name.endsWith('.json')),
  );
}

function readEvidence(): VulkanEvidence {
  const { XDG_DATA_HOME, XDG_DATA_DIRS } = process.env;
  const shared = (XDG_DATA_DIRS ?? '/usr/local/share:/usr/share').split(':');
  const own = XDG_DATA_HOME ?? path.join(os.homedir(), '.local', 'share');
  return { variables: process.env, folders: [own, ...shared, '/etc', '/usr/local/etc'] };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
