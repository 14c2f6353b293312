import { expect, test } from 'vitest';
import { loadModel } from '../../models/manifest.ts';
import { importRunner } from '../../runners/registry.ts';
import { testRunner } from '../contracts/runner-contract.ts';
import { loopModel, tfjsModels } from '../contracts/tfjs-contract-models.ts';
import { expectSameAsCpu, openTfjs } from '../runners/tfjs/consistency.ts';
import { useSoftwareAdapter } from './software-adapter.ts';

useSoftwareAdapter();

testRunner('tfjs/webgpu', async () => {
  const { path = '' } = (await loadModel('cars-mlp')).tfjs ?? {};
  const runner = await importRunner('tfjs');
  return { runner, device: 'webgpu', artifact: { format: 'tfjs', path }, width: 9, models: tfjsModels };
});

test('the driver is named, and known for one that computes on the processor', async () => {
  const runner = await importRunner('tfjs');
  expect(await runner.probe('webgpu')).toMatchObject({
    status: 'works',
    isSoftware: true,
    detail: expect.stringContaining('libvk_swiftshader.so') as string,
  });
});

test('WebGPU computes what plain JavaScript computes, on every model of the catalog', async () => {
  await expectSameAsCpu('webgpu');
});

test('a model with control flow runs', async () => {
  const session = await openTfjs((await loopModel()).path, 'webgpu');
  const x = { type: 'float32', shape: [1, 2], data: Float32Array.of(1, -2) } as const;
  expect([...((await session.run({ x })).y?.data ?? [])]).toEqual([8, -16]);
  await session.close();
});
