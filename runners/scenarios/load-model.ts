import type { Clock } from '../../core/clock.ts';
import { sliceRows, type Tensor, type Tensors } from '../../core/tensor.ts';
import { bindCall } from '../bind-inputs.ts';
import { loadSettings } from '../load-settings.ts';
import type { Runner, Session } from '../runner.ts';
import type { ScenarioRequest } from './request.ts';

/** The parts that a test replaces. */
export interface ScenarioEffects {
  runner: Runner;
  clock: Clock;
}

/** A loaded model. */
export interface LoadedModel {
  /** A call that runs these samples each time. */
  bind: (inputs: Tensors) => () => unknown;
  session: Session;
}

/** Loads the model with so many intra-op threads, on the first of the target's devices unless another is named. */
export async function loadModel(
  { artifact, target, deviceIndex }: Pick<ScenarioRequest, 'artifact' | 'target'> & { deviceIndex?: number },
  runner: Runner,
  threads: number,
): Promise<LoadedModel> {
  const index = deviceIndex === undefined ? {} : { deviceIndex };
  const session = await runner.load(artifact, loadSettings(target, { threads, ...index }));
  return { session, bind: (inputs) => bindCall(session, inputs) };
}

/** Number of samples; every input has the same. */
export function countRows(samples: Tensors): number {
  return Object.values(samples)[0]?.shape[0] ?? 0;
}

/** Rows [start, end) of every input; views. */
export function rowsOf(samples: Tensors, start: number, end: number): Tensors {
  return mapTensors(samples, (tensor) => sliceRows(tensor, start, end));
}

/** So many rows of every input, from the start again where there are fewer. */
export function repeatRows(samples: Tensors, rows: number): Tensors {
  return mapTensors(samples, (tensor) => repeatTensor(tensor, rows));
}

function mapTensors(tensors: Tensors, map: (tensor: Tensor) => Tensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, map(tensor)]));
}

function repeatTensor(tensor: Tensor, rows: number): Tensor {
  const [available = 0, ...inner] = tensor.shape;
  if (rows <= available) return sliceRows(tensor, 0, rows);
  const size = tensor.data.length / available;
  const shape = [rows, ...inner];
  const at = (index: number): number => index % (available * size);
  if (tensor.type === 'string') {
    const data = Array.from({ length: rows * size }, (_, index) => tensor.data[at(index)] ?? '');
    return { ...tensor, shape, data };
  }
  const Kind = tensor.data.constructor as new (length: number) => Float32Array;
  const data = new Kind(rows * size);
  for (let row = 0; row < rows; row += available) {
    const count = Math.min(available, rows - row) * size;
    data.set(tensor.data.subarray(0, count) as Float32Array, row * size);
  }
  return { ...tensor, shape, data } as Tensor;
}
