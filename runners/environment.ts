import os from 'node:os';
import path from 'node:path';
import { hashOf } from '../core/hash.ts';
import type { Environment } from '../results/environment-schema.ts';
import { graphicsCards, type CardEffects } from './graphics-cards.ts';
import { packageVersion } from './package-version.ts';
import { readTextIfThere, type ReadText } from './read-text.ts';
import type { Probe, Versions } from './runner.ts';
import { runProgramIfThere } from './run-program.ts';
import { allowedProcessors, cpuQuota } from './usable-cores.ts';

const computingPackages = [
  'onnxruntime-node',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-converter',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  'tinybench',
];
/** Flags that decide which kernels a runtime picks: vector width, VNNI, AMX and their ARM kin. */
const kernelFlags = /^(?:avx|avx2|fma|f16c|avx_vnni|avx512\w*|amx\w*|asimd\w*|sve\w*|i8mm|bf16)$/;
/** Variables that ONNX Runtime, its thread pools, graphics loaders and Node obey. Values that may hold a secret are not read. */
const obeyedVariables = [
  'OMP_NUM_THREADS',
  'OMP_WAIT_POLICY',
  'ORT_DISABLE_CPU_EP_FALLBACK',
  'UV_THREADPOOL_SIZE',
  'CUDA_DEVICE_ORDER',
  'CUDA_VISIBLE_DEVICES',
  'VK_ADD_DRIVER_FILES',
  'VK_ICD_FILENAMES',
  'VK_DRIVER_FILES',
];
const quarterGiB = 2 ** 28;

/** What a process can be told of itself and its machine; a test replaces it. */
export interface EnvironmentEffects extends Partial<CardEffects> {
  variables?: Readonly<Record<string, string | undefined>>;
  /** Flags this Node was started with. */
  nodeFlags?: readonly string[];
}

function computingVersions(): Record<string, string> {
  return Object.fromEntries(computingPackages.map((name) => [name, packageVersion(name)]));
}

/** What this machine is, as far as speed depends on it. */
export function readEnvironment({
  readText = readTextIfThere,
  runProgram = runProgramIfThere,
  platform = process.platform,
  variables = process.env,
  nodeFlags = process.execArgv,
}: EnvironmentEffects = {}): Environment {
  const environment = {
    cpu: {
      model: os.cpus()[0]?.model.trim() ?? 'unknown',
      cores: os.availableParallelism(),
      flags: cpuFlags(readText),
      quota: cpuQuota(readText),
      governor: textOf(
        `/sys/devices/system/cpu/cpu${allowedProcessors(readText)?.[0] ?? 0}/cpufreq/scaling_governor`,
        readText,
      ),
    },
    memoryBytes: os.totalmem(),
    os: `${os.type()} ${os.release()} ${os.arch()}`,
    virtualization: virtualization(readText),
    node: process.version,
    v8: process.versions.v8,
    packages: computingVersions(),
    graphics: graphicsCards({ readText, runProgram, platform }),
    settings: settings(variables, nodeFlags),
  };
  return { fingerprint: fingerprintOf(environment), ...environment };
}

/**
 * With the versions of what was found to compute on targets. The fingerprint stays: the machine is the same, whichever targets a
 * run has.
 */
export function withVersions(environment: Environment, probes: Iterable<Probe>): Environment {
  const found = [...probes].map((probe) => (probe.status === 'works' ? (probe.versions ?? {}) : {}));
  return { ...environment, packages: Object.assign({}, environment.packages, ...found) as Versions };
}

/** Hash of an environment, whose own fingerprint is left out. */
export function fingerprintOf(
  environment: Omit<Environment, 'fingerprint'> & { fingerprint?: string },
): string {
  // Kernels of the same machine reserve a little more or less of its memory.
  const memoryBytes = Math.round(environment.memoryBytes / quarterGiB);
  return hashOf({ ...environment, memoryBytes, fingerprint: undefined });
}

function cpuFlags(readText: ReadText): string[] {
  const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readText('/proc/cpuinfo') ?? '');
  const flags = line?.[1]?.split(' ') ?? [];
  return flags.filter((flag) => kernelFlags.test(flag)).sort();
}

function virtualization(readText: ReadText): string | null {
  if (!/^flags\s*:.*\bhypervisor\b/m.test(readText('/proc/cpuinfo') ?? '')) return null;
  return textOf('/sys/class/dmi/id/sys_vendor', readText) ?? 'hypervisor';
}

function settings(
  variables: Readonly<Record<string, string | undefined>>,
  nodeFlags: readonly string[],
): Record<string, string> {
  const obeyed = obeyedVariables.flatMap((name) => {
    const value = variables[name];
    // Of a path, the file says which driver it is; the folder says who the user is.
    return value === undefined || value === '' ? [] : [[name, path.basename(value)] as const];
  });
  const flags = [...nodeFlags, ...(variables.NODE_OPTIONS ?? '').split(/\s+/)].filter((flag) =>
    /^--[\w-]+(?:=\d+)?$/.test(flag),
  );
  return Object.fromEntries([...obeyed, ...(flags.length === 0 ? [] : [['node', flags.join(' ')] as const])]);
}

function textOf(file: string, readText: ReadText): string | null {
  const text = readText(file)?.trim() ?? '';
  return text === '' ? null : text;
}
