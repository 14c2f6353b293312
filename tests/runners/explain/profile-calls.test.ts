import { createRequire } from 'node:module';
import type * as ort from 'onnxruntime-node/dist/binding.js';
import { expect, test, vi } from 'vitest';
import { fileOf, loadModel } from '../../../models/manifest.ts';
import { profileCalls, profileOnce } from '../../../runners/explain/profile-calls.ts';
import { createRandom } from '../../../core/random.ts';
import { parseTarget } from '../../../suites/target.ts';
import { drawnTensor } from '../../models/drawn-tensor.ts';
import { uncarriedFile, uncarriedModels, uncarriedSamples } from '../../models/uncarried-models.ts';

const target = parseTarget('onnxruntime/cpu');

test.for(Object.keys(uncarriedModels))(
  'the profile of a model with %s is that of the session that runs',
  async (name) => {
    const artifact = { format: 'onnx', path: await uncarriedFile(name) } as const;
    const request = { artifact, target, threads: 1, inputs: uncarriedSamples() };
    const { calls, nodes } = await profileCalls(request);
    expect(calls).toBeGreaterThan(0);
    expect(nodes.filter(({ operator }) => operator.includes('MatMul'))).toHaveLength(2);
    expect(await profileOnce(request)).toMatchObject({ calls: 1 });
  },
);

test('a model that is profiled is loaded once', async () => {
  const { binding } = createRequire(import.meta.url)('onnxruntime-node/dist/binding.js') as typeof ort;
  const loads = vi.spyOn(binding, 'InferenceSession');
  const { path } = fileOf(await loadModel('cars-mlp'));
  const inputs = { input: drawnTensor(createRandom(1), [8, 9]) };
  await profileOnce({ artifact: { format: 'onnx', path }, target, threads: 1, inputs });
  expect(loads).toHaveBeenCalledTimes(1);
  loads.mockRestore();
});
