import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { hashOf } from '../core/hash.ts';
import type { Environment } from '../results/environment-schema.ts';

const computingPackages = [
  'onnxruntime-node',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-wasm',
  'tinybench',
];
/** Flags that decide which kernels a runtime picks. */
const kernelFlags = /^(?:avx|avx2|fma|f16c|avx_vnni|avx512\w*|amx\w*|asimd\w*|sve\w*|i8mm|bf16)$/;

/** What this machine is, as far as speed depends on it. */
export function readEnvironment(): Environment {
  const environment = {
    cpu: { model: cpuModel(), cores: os.availableParallelism(), flags: cpuFlags() },
    memoryBytes: os.totalmem(),
    os: `${os.type()} ${os.release()} ${os.arch()}`,
    virtualization: virtualization(),
    node: process.version,
    v8: process.versions.v8,
    packages: Object.fromEntries(computingPackages.map((name) => [name, packageVersion(name)])),
  };
  return { fingerprint: hashOf(environment), ...environment };
}

function cpuModel(): string {
  return os.cpus()[0]?.model.trim() ?? 'unknown';
}

function cpuFlags(): string[] {
  const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readIfThere('/proc/cpuinfo'));
  const flags = line?.[1]?.split(' ') ?? [];
  return flags.filter((flag) => kernelFlags.test(flag)).sort();
}

function virtualization(): string | null {
  if (!/^flags\s*:.*\bhypervisor\b/m.test(readIfThere('/proc/cpuinfo'))) return null;
  return readIfThere('/sys/class/dmi/id/sys_vendor').trim() || 'hypervisor';
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Reads the version from the installed package itself, whichever folder it was hoisted to. */
function packageVersion(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  const marker = path.join('node_modules', ...name.split('/'));
  const folder = entry.slice(0, entry.lastIndexOf(marker) + marker.length);
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
