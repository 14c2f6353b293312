import { expect, test } from 'vitest';
import { neededPart } from '../../../../models/onnx/graph.ts';
import { changed, type OnnxModel } from '../../../../models/onnx/model.ts';
import { shapeOf } from '../../../../models/onnx/tensor.ts';
import { pruneHeads } from '../../../../models/passes/prune-structures.ts';
import { withSilenced } from '../../../../models/passes/structure/cut-model.ts';
import { dimensionsOf } from '../../../../models/passes/structure/dimensions.ts';
import { withPlainReshapes } from '../../../../models/passes/structure/plain-reshapes.ts';
import { walkGraph } from '../../../../models/passes/structure/walk-graph.ts';
import { runModel, signalToErrorDb } from '../../run-model.ts';
import { exportedAttention, maskedByAnySizes } from './exported-attention.ts';

const settings = { sparsity: 0.5, importance: 'weights', reconstruction: 'none', multiple: 1 };

test.for(Object.entries(exportedAttention))(
  '%s: without half of them the model puts out what it does with those at zero',
  async ([, network]) => {
    const whole = network();
    const silenced = await withEveryOtherSilenced(whole);
    const outcome = await pruneHeads.apply(silenced, settings, null);
    if (outcome.status !== 'applied') throw new Error(outcome.reason);
    expect(outcome.summary).toContain('2 of 4 heads removed');
    expect(largestWeights(outcome.model)).toEqual(largestWeights(whole) / 2);
    const [before, expected] = [await runModel(whole, 3), await runModel(silenced, 3)];
    expect(signalToErrorDb(before, expected)).toBeLessThan(20);
    expect(signalToErrorDb(expected, await runModel(outcome.model, 3))).toBeGreaterThan(100);
  },
);

test('heads whose scores meet a mask of an unknown number of axes stay, those of query and key, too', async () => {
  const outcome = await pruneHeads.apply(maskedByAnySizes(), settings, null);
  expect(outcome).toMatchObject({
    status: 'nothing-to-do',
    reason: expect.stringContaining('not followed through 1 Where') as string,
  });
});

/** All that makes, reads or follows every other head is zero. */
async function withEveryOtherSilenced(model: OnnxModel): Promise<OnnxModel> {
  const plain = await withPlainReshapes(model);
  const { node } = neededPart(plain.graph, ['y']);
  const [heads] = dimensionsOf(await walkGraph(changed(plain, { graph: changed(plain.graph, { node }) })));
  if (heads?.kind !== 'heads') throw new Error('The network has no heads.');
  const cuts = heads.cuts.map((cut) => ({ ...cut, role: 'makes' as const }));
  return withSilenced(model, cuts, new Set(heads.units.filter((_, at) => at % 2 === 0)));
}

/** The widest product of a network. */
function largestWeights({ graph }: OnnxModel): number {
  return Math.max(
    ...graph.initializer.map((tensor) => (tensor.dataType === 1 ? (shapeOf(tensor)[1] ?? 0) : 0)),
  );
}
