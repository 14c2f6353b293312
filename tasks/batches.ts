import type { Samples } from '../core/samples.ts';
import { sliceRows, type Tensor, type Tensors } from '../core/tensor.ts';

/** One batch through a loaded model. */
export type Infer = (inputs: Tensors) => Promise<Tensors>;

export interface PredictRequest {
  infer: Infer;
  samples: Samples;
  batchSize: number;
  /** What a classifier puts out; ignored by the other tasks. */
  scores: 'probabilities' | 'logits';
}

/** Calls `use` with each batch of inputs in order, and the index of its first sample. */
export async function forEachBatch(
  request: PredictRequest,
  use: (outputs: Tensors, start: number) => void,
): Promise<void> {
  const { infer, samples, batchSize } = request;
  for (let start = 0; start < samples.ids.length; start += batchSize) {
    const end = Math.min(start + batchSize, samples.ids.length);
    use(await infer(sliceInputs(samples.inputs, start, end)), start);
  }
}

function sliceInputs(inputs: Tensors, start: number, end: number): Tensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [name, sliceRows(tensor, start, end)]),
  );
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
