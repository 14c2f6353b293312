import { expect } from 'vitest';
import type { Tensors } from '../../../core/tensor.ts';
import { listModels, loadModel } from '../../../models/manifest.ts';
import { defaultTargetSettings } from '../../../results/target-schema.ts';
import { makeUpInputs } from '../../../runners/explain/made-up-inputs.ts';
import { outputDifference } from '../../../runners/output-difference.ts';
import type { Session } from '../../../runners/runner.ts';
import { tfjsRunner } from '../../../runners/tfjs/runner.ts';

/** Loads a TF.js model on a device. */
export function openTfjs(path: string, device: string, threads = 1): Promise<Session> {
  const settings = { ...defaultTargetSettings, device, deviceIndex: 0, threads };
  return tfjsRunner.load({ format: 'tfjs', path }, settings);
}

/** Runs every TF.js model of the catalog on `cpu` and on another device, which differ by at most 1e-5 relative to max(1, |output|). */
export async function expectSameAsCpu(device: string): Promise<void> {
  const differences: Record<string, number> = {};
  for (const { id } of await listModels()) {
    const { tfjs } = await loadModel(id);
    if (tfjs === null) continue;
    const [reference, found] = [await runOn('cpu', tfjs.path), await runOn(device, tfjs.path)];
    differences[id] = outputDifference(reference, found);
  }
  expect(Object.keys(differences)).toContain('digits-cnn');
  for (const [id, difference] of Object.entries(differences)) expect(difference, id).toBeLessThan(1e-5);
}

async function runOn(device: string, path: string): Promise<Tensors> {
  const session = await openTfjs(path, device);
  const outputs = await session.run(makeUpInputs(session.inputs, { batchSize: 4, shapes: {} }));
  await session.close();
  return outputs;
}
