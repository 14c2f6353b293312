import { joinIds, type Ids } from '../core/ids.ts';
import type { SampleFacts, Samples, SampleStream } from '../core/samples.ts';
import type { TaskKind } from '../core/task-kind.ts';
import type { Tensors } from '../core/tensor.ts';
import type { Stretch } from './next-tokens.ts';
import type { OptionsOf } from './task-options.ts';

/** One batch through a loaded model. */
export type Infer = (inputs: Tensors) => Promise<Tensors>;

/** Samples to be predicted, and how. */
export interface PredictRequest<Kind extends TaskKind = TaskKind> {
  task: OptionsOf<Kind>;
  infer: Infer;
  samples: SampleStream;
  batchSize: number;
  /** Where these lie in the dataset that they are a part of; the whole one's where it is left out. */
  stretch?: Stretch;
}

/** A batch of samples, and the index of its first one among all. */
export interface Batch extends Samples {
  start: number;
}

/** What is kept of every sample whatever the task. */
export interface Identified extends SampleFacts {
  ids: Ids;
}

/** Calls `use` with each batch in order, one at a time, and gives ids, clusters and weights of all samples. */
export async function forEachBatch(
  { samples, batchSize }: Pick<PredictRequest, 'samples' | 'batchSize'>,
  use: (batch: Batch) => Promise<void>,
): Promise<Identified> {
  const ids: Ids[] = [];
  let start = 0;
  const facts = createFacts();
  for await (const batch of samples.batches(batchSize)) {
    await use({ ...batch, start });
    ids.push(batch.ids);
    start += batch.ids.length;
    facts.add(batch);
  }
  return { ids: joinIds(ids), ...facts.ofAll() };
}

function createFacts(): { add: (batch: SampleFacts) => void; ofAll: () => SampleFacts } {
  let by: string | null = null;
  const names: string[] = [];
  const weights: number[] = [];
  return {
    add: (batch) => {
      by = batch.clusters?.by ?? by;
      names.push(...(batch.clusters?.names ?? []));
      weights.push(...(batch.weights ?? []));
    },
    ofAll: () => ({
      ...(by === null ? {} : { clusters: { by, names } }),
      ...(weights.length === 0 ? {} : { weights: Float64Array.from(weights) }),
    }),
  };
}
