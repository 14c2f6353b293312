import type { Clusters, Samples, SampleStream } from '../core/samples.ts';
import type { Tensor, Tensors } from '../core/tensor.ts';

/** One batch through a loaded model. */
export type Infer = (inputs: Tensors) => Promise<Tensors>;

export interface PredictRequest {
  infer: Infer;
  samples: SampleStream;
  batchSize: number;
  /** What a classifier puts out; ignored by the other tasks. */
  scores: 'probabilities' | 'logits';
}

/** A batch of samples, and the index of its first one among all. */
export interface Batch extends Samples {
  start: number;
}

/** What is kept of every sample whatever the task. */
export interface Identified {
  ids: string[];
  clusters?: Clusters;
}

/** Calls `use` with each batch in order, one at a time, and gives ids and clusters of all samples. */
export async function forEachBatch(
  { samples, batchSize }: Pick<PredictRequest, 'samples' | 'batchSize'>,
  use: (batch: Batch) => Promise<void>,
): Promise<Identified> {
  const ids: string[] = [];
  const names: string[] = [];
  let by: string | null = null;
  for await (const batch of samples.batches(batchSize)) {
    await use({ ...batch, start: ids.length });
    ids.push(...batch.ids);
    if (batch.clusters === undefined) continue;
    ({ by } = batch.clusters);
    names.push(...batch.clusters.names);
  }
  return by === null ? { ids } : { ids, clusters: { by, names } };
}

/** The only output of a model, as float32; throws where there are several or another type. */
export function onlyFloatOutput(outputs: Tensors): Extract<Tensor, { type: 'float32' }> {
  const entries = Object.entries(outputs);
  const [first] = entries;
  if (first === undefined || entries.length > 1) {
    const names = entries.map(([name]) => name).join(', ');
    throw new Error(`the model has ${entries.length} outputs (${names}); exactly one is accepted`);
  }
  const [name, tensor] = first;
  if (tensor.type !== 'float32') throw new Error(`output "${name}" is ${tensor.type}; float32 is accepted`);
  return tensor;
}
