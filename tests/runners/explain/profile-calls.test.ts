import { expect, test } from 'vitest';
import { profileCalls, profileOnce } from '../../../runners/explain/profile-calls.ts';
import { parseTarget } from '../../../suites/target.ts';
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
