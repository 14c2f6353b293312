import { joinTensors } from '../../core/join-rows.ts';
import { elementCount, type Tensors } from '../../core/tensor.ts';
import type { OnnxGraph } from '../onnx/model.ts';
import type { CalibrationData } from './calibration.ts';
import { inputSizes } from './fit-batches.ts';

/** Enough rows for a product of matrices to work at full speed; few enough numbers that large samples stay apart. */
const [mostRows, mostNumbers] = [64, 2 ** 16];

/**
 * The data as they are, or where a model takes any number of rows, with batches of one shape that follow each other as one: each call of a
 * model reads all of its weights, which takes longer than to multiply a few rows by them.
 */
export function joinBatches(data: CalibrationData, graph: OnnxGraph): CalibrationData {
  const isOpen = inputSizes(graph, 0).every((size) => size === 0);
  return isOpen ? { ...data, batches: () => joined(data.batches()) } : data;
}

async function* joined(batches: AsyncIterable<Tensors>): AsyncGenerator<Tensors> {
  const waiting: Tensors[] = [];
  for await (const batch of batches) {
    if (waiting.length > 0 && !fits(batch, waiting)) yield joinTensors(waiting.splice(0));
    waiting.push(batch);
  }
  if (waiting.length > 0) yield joinTensors(waiting);
}

function fits(batch: Tensors, waiting: readonly Tensors[]): boolean {
  const [first = {}] = waiting;
  const count = waiting.length + 1;
  const rows = new Set(Object.values(batch).map(({ shape }) => shape[0]));
  const numbers = Object.values(batch).reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const [each = Infinity] = rows;
  return (
    rows.size === 1 &&
    count * each <= mostRows &&
    count * numbers <= mostNumbers &&
    formOf(batch) === formOf(first)
  );
}

/** Names, types and shapes. */
function formOf(batch: Tensors): string {
  return JSON.stringify(Object.entries(batch).map(([name, { type, shape }]) => [name, type, shape]));
}
