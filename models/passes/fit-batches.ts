import { joinRows } from '../../core/join-rows.ts';
import { isKept } from '../../core/start-of-text.ts';
import { eachTensor, sliceRows, type Tensors } from '../../core/tensor.ts';
import type { OnnxGraph } from '../onnx/model.ts';
import type { CalibrationData } from './calibration.ts';

/**
 * The data in batches of the size that a model was exported for, the last ones left out that do not fill one; as they are where it
 * takes any size, or where its inputs do not agree on one. Without padding where the model takes any size and length.
 */
export function fitBatches(data: CalibrationData, graph: OnnxGraph): CalibrationData {
  const sizes = inputSizes(graph, 0);
  const [size = 0] = sizes;
  const isFixed = size > 0 && sizes.every((one) => one === size);
  if (isFixed) return { ...data, batches: () => regroup(data.batches(), size) };
  const { unpadded } = data;
  const isOpen = [...sizes, ...inputSizes(graph, 1)].every((one) => one === 0);
  return unpadded !== undefined && isOpen ? { ...data, batches: unpadded } : data;
}

/** Of an axis of every input that data are for; 0 where it is open. */
export function inputSizes({ input, initializer }: OnnxGraph, axis: number): number[] {
  const stored = new Set(initializer.map(({ name }) => name));
  return input
    .filter(({ name }) => !stored.has(name) && !isKept(name))
    .map(({ type }) => Number(type?.tensorType?.shape?.dim[axis]?.dimValue ?? 0));
}

async function* regroup(batches: AsyncIterable<Tensors>, size: number): AsyncGenerator<Tensors> {
  let rest: Tensors = {};
  for await (const batch of batches) {
    const rows = eachTensor(batch, (tensor, name) =>
      rest[name] === undefined ? tensor : joinRows([rest[name], tensor]),
    );
    const count = Object.values(rows)[0]?.shape[0] ?? 0;
    const full = count - (count % size);
    for (let start = 0; start < full; start += size)
      yield eachTensor(rows, (tensor) => sliceRows(tensor, start, start + size));
    rest = full === count ? {} : eachTensor(rows, (tensor) => sliceRows(tensor, full, count));
  }
}
