import { joinTensors } from '../../core/join-rows.ts';
import { elementCount, type Tensors } from '../../core/tensor.ts';
import type { OnnxGraph, OnnxModel } from '../onnx/model.ts';
import { openGraph, type OpenGraph } from '../onnx/run-graph.ts';
import type { CalibrationData } from './calibration.ts';
import { inputSizes } from './fit-batches.ts';

/** Enough rows for a product of matrices to work at full speed; few enough numbers that large samples stay apart. */
const [mostRows, mostNumbers] = [64, 2 ** 16];

/**
 * Named values of a model over the data, as `activations` of a `Calibration` gives them, of several batches at once where the model
 * takes them. Where it declares that it takes any number of rows but fails on more of them, as with a stored bias for each or for want of
 * memory, these and all that follow are called one by one; what fails by itself is thrown.
 */
export async function* joinedActivations(
  model: OnnxModel,
  names: readonly string[],
  data: CalibrationData,
): AsyncGenerator<Tensors> {
  const graph = await openGraph(model, names);
  let isJoining = true;
  try {
    for await (const group of groupBatches(data, model.graph)) {
      const whole: Tensors | null = isJoining && group.length > 1 ? await runWhole(graph, group) : null;
      if (whole === null) for (const batch of group) yield await graph.run(batch);
      else yield whole;
      isJoining &&= group.length === 1 || whole !== null;
    }
  } finally {
    await graph.close();
  }
}

/** Null where it fails. */
async function runWhole(graph: OpenGraph, group: readonly Tensors[]): Promise<Tensors | null> {
  return graph.run(joinTensors(group)).catch(() => null);
}

/**
 * The batches of the data in groups to be joined, each alone where a model takes no other number of rows: a call reads all of its weights,
 * which takes longer than to multiply a few rows by them.
 */
export async function* groupBatches(data: CalibrationData, graph: OnnxGraph): AsyncGenerator<Tensors[]> {
  const isOpen = inputSizes(graph, 0).every((size) => size === 0);
  const waiting: Tensors[] = [];
  for await (const batch of data.batches()) {
    if (waiting.length > 0 && !(isOpen && fits(batch, waiting))) yield waiting.splice(0);
    waiting.push(batch);
  }
  if (waiting.length > 0) yield waiting;
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
