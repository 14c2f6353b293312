import { AssayError } from '../core/errors.ts';
import { joinRows, joinTensors } from '../core/join-rows.ts';
import { shownShape } from '../core/shown-shape.ts';
import { startOfText } from '../core/start-of-text.ts';
import { eachTensor, sliceRows, type Tensor, type Tensors, type TensorSpec } from '../core/tensor.ts';

/** The batch size a model was exported for; null where it takes any. Throws where its inputs do not agree. */
export function fixedBatchSize(inputs: readonly TensorSpec[]): number | null {
  const ofRows = inputs.filter((spec) => startOfText(spec, 1) === null);
  const sizes = new Set(ofRows.map(({ shape }) => shape[0] ?? null).filter((size) => size !== null));
  const [size = null, other] = sizes;
  if (other === undefined) return size;
  const found = ofRows.map(({ name, shape }) => `"${name}" ${shownShape(shape)}`);
  const message = `the first axes of the model's inputs differ: ${found.join(', ')}; a batch is accepted`;
  throw new AssayError('model-invalid', message);
}

/** Samples in a batch. */
export function rowCount(inputs: Tensors): number {
  return Object.values(inputs)[0]?.shape[0] ?? 0;
}

/**
 * Runs any number of samples through a model that takes `size` at a time; a short rest is filled up with its last sample. Outputs that
 * have other rows than samples, such as the boxes found in an image, are left out where others have a row a sample.
 */
export async function inFixedBatches(
  run: (inputs: Tensors) => Promise<Tensors>,
  inputs: Tensors,
  size: number,
): Promise<Tensors> {
  const rows = rowCount(inputs);
  if (rows === size) return ofSamples(await run(inputs), size);
  const parts: Tensors[] = [];
  for (let start = 0; start < rows; start += size) {
    const count = Math.min(size, rows - start);
    const part = eachTensor(inputs, (tensor) => filled(sliceRows(tensor, start, start + count), size));
    const outputs = await run(part);
    parts.push(eachTensor(ofSamples(outputs, size), (tensor) => sliceRows(tensor, 0, count)));
  }
  return joinTensors(parts);
}

function filled(tensor: Tensor, size: number): Tensor {
  const count = tensor.shape[0] ?? 0;
  const last = sliceRows(tensor, count - 1, count);
  return joinRows([tensor, ...Array.from({ length: size - count }, () => last)]);
}

function ofSamples(outputs: Tensors, size: number): Tensors {
  const named = Object.entries(outputs);
  const fitting = named.filter(([, { shape }]) => shape[0] === size);
  if (fitting.length > 0) return Object.fromEntries(fitting);
  const [name, tensor] = named[0] ?? ['', undefined];
  throw new Error(
    `output "${name}" has shape ${shownShape(tensor?.shape ?? [])}; a row for each of the ${size} samples is accepted`,
  );
}
