import * as z from 'zod';

const option = z.union([z.string(), z.number(), z.boolean()]);

/** What a target is asked for beside runner and device. */
export const targetSettingsSchema = z.strictObject({
  deviceIndexes: z
    .array(z.int().min(0).max(63))
    .min(1)
    .default([0])
    .describe('which devices of the kind; latency is timed on the first, throughput is measured over all'),
  graphOptimization: z
    .enum(['disabled', 'basic', 'extended', 'layout', 'all'])
    .default('all')
    .describe('how far the runtime rewrites the graph when it loads it'),
  sessionOptions: z.record(z.string(), option).default({}).describe("the runtime's own options of a session"),
  providerOptions: z
    .record(z.string(), option)
    .default({})
    .describe("the runtime's own options of the device, e.g. of an execution provider"),
});

/** Runner and device together, as a record holds it: all settings resolved. */
export const targetSchema = z.strictObject({
  runner: z.string().min(1),
  device: z.string().min(1),
  /** Parts two targets of one runner and device; null where there is nothing to part. */
  label: z.string().min(1).nullable(),
  settings: targetSettingsSchema.required(),
});

export type TargetSettings = z.output<typeof targetSettingsSchema>;

/** What a target has where nothing is said. */
export const defaultTargetSettings: TargetSettings = targetSettingsSchema.parse({});

/** `onnxruntime/cpu`, or `onnxruntime/cpu (label)`. */
export function formatTarget(target: { runner: string; device: string; label: string | null }): string {
  const name = `${target.runner}/${target.device}`;
  return target.label === null ? name : `${name} (${target.label})`;
}
