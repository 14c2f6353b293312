import type { Tensors } from '../../core/tensor.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { openGraph } from '../onnx/run-graph.ts';

/** Inputs to calibrate with, decided by who asks for the variant: rows of the training split, never of the test split. */
export interface CalibrationData {
  /** For people, e.g. `512 training samples of digits`. */
  description: string;
  /** Of all that the batches are made from: built variants are kept by it. */
  hash: string;
  /** Inputs by name, a batch at a time: the same batches in the same order each time it is called. */
  batches(): AsyncIterable<Tensors>;
  /**
   * The same samples of generation without their padding, batches of various lengths: what a decoder puts out there is never looked
   * at, and would count as much as what is. Absent where nothing is padded.
   */
  unpadded?: () => AsyncIterable<Tensors>;
}

/** What a calibrated pass gets: batches, and what values of a graph come out as on them. */
export interface Calibration extends CalibrationData {
  /**
   * Runs `model` (the graph the pass was given, or one it made of it) over all batches and yields the named values, whether
   * outputs of the graph or inside it, one batch at a time: reduce each batch before asking for the next and memory stays bounded
   * by the number of tensors. Node fusion is off, so that every value exists. A single input takes the single tensor of a
   * batch whatever their names. Throws `model-invalid` for a name no node makes, `dataset-invalid` for a batch that does not fit,
   * `model-invalid` where a node fails on one.
   */
  activations(model: OnnxModel, names: readonly string[]): AsyncIterable<Tensors>;
}

/** Adds ONNX Runtime to the batches. */
export function startCalibration(data: CalibrationData): Calibration {
  return {
    description: data.description,
    hash: data.hash,
    batches: () => data.batches(),
    activations: (model, names) => activationsOf(model, names, data),
  };
}

async function* activationsOf(
  model: OnnxModel,
  names: readonly string[],
  data: CalibrationData,
): AsyncGenerator<Tensors> {
  const graph = await openGraph(model, names);
  try {
    for await (const batch of data.batches()) yield await graph.run(batch);
  } finally {
    await graph.close();
  }
}
