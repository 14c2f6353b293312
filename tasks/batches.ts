import type { SampleFacts, Samples, SampleStream } from '../core/samples.ts';
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
export interface Identified extends SampleFacts {
  ids: string[];
}

/** Calls `use` with each batch in order, one at a time, and gives ids, clusters and weights of all samples. */
export async function forEachBatch(
  { samples, batchSize }: Pick<PredictRequest, 'samples' | 'batchSize'>,
  use: (batch: Batch) => Promise<void>,
): Promise<Identified> {
  const ids: string[] = [];
  const facts = createFacts();
  for await (const batch of samples.batches(batchSize)) {
    await use({ ...batch, start: ids.length });
    ids.push(...batch.ids);
    facts.add(batch);
  }
  return { ids, ...facts.ofAll() };
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
