import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadModel } from '../../../models/manifest.ts';
import { importRunner } from '../../../runners/registry.ts';
import { setUpTensorflow } from '../../../runners/tfjs/setup/set-up-tensorflow.ts';
import { setupFolder } from '../../../runners/tfjs/setup/setup-folder.ts';
import { testRunner } from '../../contracts/runner-contract.ts';
import { loopModel, tfjsModels } from '../../contracts/tfjs-contract-models.ts';
import { expectSameAsCpu, openTfjs } from './consistency.ts';

/** TensorFlow is no package that the tests come with: `npm run assay -- setup tfjs-node` puts it there. */
describe.runIf(existsSync(setupFolder('tfjs-node')))('TensorFlow', () => {
  testRunner('tfjs/node', async () => {
    const { path = '' } = (await loadModel('cars-mlp')).tfjs ?? {};
    const runner = await importRunner('tfjs');
    return { runner, device: 'node', artifact: { format: 'tfjs', path }, width: 9, models: tfjsModels };
  });

  test('its library is told by version, since results depend on it', async () => {
    const probe = await (await importRunner('tfjs')).probe('node');
    const version: unknown = expect.stringMatching(/^\d+\.\d+\.\d+/);
    expect(probe).toMatchObject({ versions: { '@tensorflow/tfjs-node': version, libtensorflow: version } });
  });

  test('it computes what plain JavaScript computes, on every model of the catalog', async () => {
    await expectSameAsCpu('node');
  });

  test('a model with control flow runs', async () => {
    const session = await openTfjs((await loopModel()).path, 'node');
    const x = { type: 'float32', shape: [1, 2], data: Float32Array.of(1, -2) } as const;
    expect([...((await session.run({ x })).y?.data ?? [])]).toEqual([8, -16]);
    await session.close();
  });

  test('what was set up is kept, once a training step came out as on WebAssembly', async () => {
    const steps: string[] = [];
    const report = (step: string): void => void steps.push(step);
    const { signal } = new AbortController();
    const outcome = await setUpTensorflow('tfjs-node', { environment: process.env, report, signal });
    expect(outcome).toMatchObject({ isNew: false, folder: setupFolder('tfjs-node') });
    expect(outcome.difference).toBeLessThanOrEqual(1e-5);
    expect(steps).toEqual(['checking what is there']);
  });

  test('its threads are fixed when it loads', async () => {
    const { path = '' } = (await loadModel('cars-mlp')).tfjs ?? {};
    await (await openTfjs(path, 'node')).close();
    await expect(openTfjs(path, 'node', 2)).rejects.toThrow(
      'took 1 threads when it was loaded; 2 were asked',
    );
  });
});
