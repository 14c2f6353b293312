import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/random.ts';
import { inferValues } from '../../../../models/onnx/infer.ts';
import type { OnnxModel } from '../../../../models/onnx/model.ts';
import { cutModel, withSilenced } from '../../../../models/passes/structure/cut-model.ts';
import { dimensionsOf, type Dimension } from '../../../../models/passes/structure/dimensions.ts';
import { partsOf, startGuard } from '../../../../models/passes/structure/remainder.ts';
import { walkGraph } from '../../../../models/passes/structure/walk-graph.ts';
import type { Cut } from '../../../../models/passes/structure/walk.ts';
import { runModel, signalToErrorDb } from '../../run-model.ts';
import { randomChain } from './random-chain.ts';

const seeds = Array.from({ length: 30 }, (_, seed) => seed);

test('without any units, networks of any operators put out what they do with those of zero weights', async () => {
  let cuts = 0;
  for (const seed of seeds) {
    const source = randomChain(seed);
    const walk = await walkGraph(source);
    const random = createRandom(seed);
    const gone = new Set<number>();
    let silenced = source;
    for (const dimension of dimensionsOf(walk)) {
      const guard = startGuard({ parts: partsOf(walk, dimension.units, gone) });
      const most = random.shuffle(dimension.units).slice(1);
      const chosen = most.filter(
        (unit) => random.next() < 0.7 && guard.mayGo(unit) && (guard.remove(unit), true),
      );
      for (const unit of chosen) gone.add(unit);
      silenced = withSilenced(silenced, currentCuts(dimension, silenced), new Set(chosen));
      cuts += chosen.length;
    }
    const cut = cutModel(silenced, walk, gone);
    expect((await inferValues(cut)).get('y')?.shape).toEqual([null, 3, 4, 4]);
    const decibels = signalToErrorDb(await runModel(silenced, 3), await runModel(cut, 3));
    expect(decibels, `${seed}`).toBeGreaterThan(100);
  }
  expect(cuts).toBeGreaterThan(100);
});

function currentCuts({ cuts }: Dimension, { graph }: OnnxModel): Cut[] {
  const stored = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  return cuts.map((cut) => ({ ...cut, tensor: stored.get(cut.tensor.name) ?? cut.tensor }));
}
