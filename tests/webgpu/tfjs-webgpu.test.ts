import path from 'node:path';
import { expect, test } from 'vitest';
import { loadModel } from '../../models/manifest.ts';
import { readRuns } from '../../results/read-runs.ts';
import { importRunner } from '../../runners/registry.ts';
import { createProject, runTiny, suite } from '../cli/project.ts';
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

test('a run keeps the versions of what computed and does not come with Assay', async () => {
  const { folder, write } = await createProject();
  const asked = {
    id: 'mine',
    title: 'Mine',
    task: { kind: 'regression' },
    dataset: 'cars',
    models: ['cars-mlp'],
  };
  const targets = { variants: ['fp32'], targets: ['tfjs/webgpu'], metrics: ['mse'], policy: suite.policy };
  await write('mine.suite.json', JSON.stringify({ ...asked, ...targets }));
  await runTiny(folder);
  const { runs } = await readRuns(path.join(folder, 'assay-results'));
  const version: unknown = expect.stringMatching(/^\d+\.\d+\.\d+$/);
  for (const { environment } of runs.flatMap(({ run, records }) => [
    run,
    ...records.map((one) => one.record),
  ]))
    expect(environment.packages).toMatchObject({
      webgpu: version,
      '@tensorflow/tfjs-backend-webgpu': version,
    });
  expect(runs[0]?.records).toHaveLength(2);
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
