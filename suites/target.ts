import { AssayError } from '../core/errors.ts';
import { suggest } from '../core/suggest.ts';

/** Every runner and the devices it can address; what runs here, `assay doctor` tells. */
export const devicesOf = {
  onnxruntime: ['cpu', 'webgpu'],
  tfjs: ['wasm', 'cpu'],
} as const;

export type RunnerKind = keyof typeof devicesOf;

/** Runner and device together, written `onnxruntime/cpu`. */
export interface Target {
  runner: RunnerKind;
  device: string;
}

export const targetNames: readonly string[] = Object.entries(devicesOf).flatMap(([runner, devices]) =>
  devices.map((device) => `${runner}/${device}`),
);

export function formatTarget(target: { runner: string; device: string }): string {
  return `${target.runner}/${target.device}`;
}

/** Throws an AssayError with the nearest known name. */
export function parseTarget(name: string): Target {
  if (!targetNames.includes(name)) {
    const message = `Unknown target "${name}". ${suggest(name, targetNames)}`;
    throw new AssayError('suite-invalid', message, { hint: 'assay doctor' });
  }
  const [runner, device] = name.split('/') as [RunnerKind, string];
  return { runner, device };
}
