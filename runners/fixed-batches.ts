import { AssayError } from '../core/errors.ts';
import { joinRows, joinTensors } from '../core/join-rows.ts';
import { shownShape } from '../core/shown-shape.ts';
import { eachTensor, sliceRows, type Tensor, type Tensors, type TensorSpec } from '../core/tensor.ts';

/** The batch size a model was exported for; null where it takes any. Throws where its inputs do not agree. */
export function fixedBatchSize(inputs: readonly TensorSpec[]): number | null {
  const sizes = new Set(inputs.map(({ shape }) => shape[0] ?? null).filter((size) => size !== null));
  const [size = null, other] = sizes;
  if (other === undefined) return size;
  const found = inputs.map(({ name, shape }) => `"${name}" ${shownShape(shape)}`);
  const message = `the first axes of the model's inputs differ: ${found.join(', ')}; a batch is accepted`;
  throw new AssayError('model-invalid', message);
}

/** Samples in a batch. */
export function rowCount(inputs: Tensors): number {
  return Object.values(inputs)[0]?.shape[0] ?? 0;
}

/** Runs any number of samples through a model that takes `size` at a time; a short rest is filled up with its last sample. */
export async function inFixedBatches(
  run: (inputs: Tensors) => Promise<Tensors>,
  inputs: Tensors,
  size: number,
): Promise<Tensors> {
  const rows = rowCount(inputs);
  if (rows === size) return run(inputs);
  const parts: Tensors[] = [];
  for (let start = 0; start < rows; start += size) {
    const count = Math.min(size, rows - start);
    const part = eachTensor(inputs, (tensor) => filled(sliceRows(tensor, start, start + count), size));
    const outputs = await run(part);
    parts.push(eachTensor(outputs, (tensor, name) => sliceRows(withRows(tensor, name, size), 0, count)));
  }
  return joinTensors(parts);
}

function filled(tensor: Tensor, size: number): Tensor {
  const count = tensor.shape[0] ?? 0;
  const last = sliceRows(tensor, count - 1, count);
  return joinRows([tensor, ...Array.from({ length: size - count }, () => last)]);
}

function withRows(tensor: Tensor, name: string, size: number): Tensor {
  if (tensor.shape[0] === size) return tensor;
  throw new Error(
    `output "${name}" has shape ${shownShape(tensor.shape)}; a row for each of the ${size} samples is accepted`,
  );
}
