import { inBatches } from '../../core/in-batches.ts';
import type { Samples } from '../../core/samples.ts';
import { sum } from '../../core/statistics/summary.ts';
import { positionsIn } from '../../tasks/next-tokens.ts';
import type { PredictTask } from './lane-task.ts';
import { batchSize, type SharedSplit } from './shared-split.ts';
import type { EvaluateTask } from './task.ts';

/** Whole batches, and where they lie in the dataset. */
type Portion = Pick<PredictTask, 'batches' | 'stretch'>;

/** What lanes predict at a time, in the order of the dataset. */
export async function* portionsOf(split: SharedSplit, task: EvaluateTask): AsyncGenerator<Portion, void> {
  const all = task.task.kind === 'generation' ? await countPositions(batchesOf(split, task)) : 0;
  let before = 0;
  for await (const batches of batchesOf(split, task)) {
    yield { batches, stretch: { before, all } };
    before += positionsOf(batches);
  }
}

/** All samples; or batches of at most so many, spread evenly, since rows often lie sorted by class. */
async function* batchesOf(
  split: SharedSplit,
  { mostSamples = Infinity }: EvaluateTask,
): AsyncGenerator<Samples[], void> {
  const stride = Math.max(1, Math.ceil(split.count / mostSamples));
  let number = 0;
  for await (const samples of split.portions()) {
    const batches =
      stride === 1 ? [samples] : [...inBatches(samples, batchSize)].filter(() => number++ % stride === 0);
    if (batches.length > 0) yield batches;
  }
}

/** Texts are read once more for it, which takes next to nothing beside the calls of a model that continues them. */
async function countPositions(portions: AsyncIterable<Samples[]>): Promise<number> {
  let positions = 0;
  for await (const batches of portions) positions += positionsOf(batches);
  return positions;
}

function positionsOf(batches: readonly Samples[]): number {
  return sum(batches.map(({ references }) => positionsIn(references)));
}
