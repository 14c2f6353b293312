import * as z from 'zod';
import { AssayError } from '../core/errors.ts';
import { suggest } from '../core/suggest.ts';
import type { ModelFormat } from '../models/format.ts';
import {
  defaultTargetSettings,
  targetSettingsSchema,
  type TargetSettings,
} from '../results/target-schema.ts';

/** Every runner and the devices it can address; what runs here, `assay doctor` tells. */
export const devicesOf = {
  onnxruntime: ['cpu', 'webgpu', 'cuda', 'tensorrt', 'dml', 'coreml'],
  tfjs: ['wasm', 'cpu', 'webgpu', 'node', 'node-gpu'],
} as const;

/** Devices that compute on the processor; of those of one runner, the first is held to be the reference. */
export const processorDevices: readonly string[] = ['cpu', 'wasm', 'node'];

export type RunnerKind = keyof typeof devicesOf;

/** The format of the models a runner loads. */
export const formatOfRunner: Readonly<Record<RunnerKind, ModelFormat>> = {
  onnxruntime: 'onnx',
  tfjs: 'tfjs',
};

const label = z
  .string()
  .regex(/^[\w][\w .+-]{0,39}$/, 'expected up to 40 letters, digits, spaces, ".", "+" or "-"');

/** A target as a suite writes it: its name, or its name with settings. */
export const targetInputSchema = z.union([
  z.string().min(1),
  z.strictObject({
    target: z.string().min(1).describe('runner and device, such as onnxruntime/cpu'),
    label: label.optional().describe('parts two targets of one runner and device'),
    ...targetSettingsSchema.shape,
  }),
]);

export type TargetInput = z.output<typeof targetInputSchema>;

/** Runner and device together, written `onnxruntime/cpu`, and how they are set. */
export interface Target {
  runner: RunnerKind;
  device: string;
  label: string | null;
  settings: TargetSettings;
}

export const targetNames: readonly string[] = Object.entries(devicesOf).flatMap(([runner, devices]) =>
  devices.map((device) => `${runner}/${device}`),
);

/** Throws an AssayError with the nearest known name. */
export function parseTarget(given: TargetInput): Target {
  const { target: name, label = null, ...settings } = typeof given === 'string' ? plain(given) : given;
  if (!targetNames.includes(name)) {
    const message = `Unknown target "${name}". ${suggest(name, targetNames)}`;
    throw new AssayError('suite-invalid', message, { hint: 'assay doctor' });
  }
  const [runner, device] = name.split('/') as [RunnerKind, string];
  return { runner, device, label, settings };
}

/** The runners of some targets, each once; without those that `parseTarget` refuses. */
export function runnersOf(given: readonly TargetInput[]): RunnerKind[] {
  const names = given.map((one) => (typeof one === 'string' ? one : one.target));
  const known = names.filter((name) => targetNames.includes(name));
  return [...new Set(known.map((name) => name.split('/')[0] as RunnerKind))];
}

function plain(target: string): Exclude<TargetInput, string> {
  return { target, ...defaultTargetSettings };
}
