import { tensor, variable, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import { elementCount, type Tensor as StoredTensor } from '../../core/tensor.ts';
import type { Random } from '../../core/random.ts';

/** Trainable values by name, in the order they were made. */
export type Parameters = ReadonlyMap<string, Variable>;

/** How a parameter starts. */
export interface Start {
  shape: readonly number[];
  /** Standard deviation of normal values around `mean`; 0 for a constant. */
  deviation: number;
  mean?: number;
}

/** Makes parameters from their starts; the same random stream gives the same values. */
export function createParameters(starts: Readonly<Record<string, Start>>, random: Random): Parameters {
  return new Map(Object.entries(starts).map(([name, start]) => [name, variable(drawTensor(start, random))]));
}

/** A kernel [inputs, outputs] in He's manner, for layers a ReLU follows, and its bias [outputs] of zeros. */
export function heLayer(inputs: number, outputs: number): { kernel: Start; bias: Start } {
  return {
    kernel: { shape: [inputs, outputs], deviation: Math.sqrt(2 / inputs) },
    bias: { shape: [outputs], deviation: 0 },
  };
}

/** The variable of a name. */
export function parameter(parameters: Parameters, name: string): Variable {
  const found = parameters.get(name);
  if (found === undefined) throw new Error(`internal: no parameter ${name}`);
  return found;
}

/** A parameter's values as a tensor to store. */
export function storedParameter(
  parameters: Parameters,
  name: string,
): Extract<StoredTensor, { type: 'float32' }> {
  const found = parameter(parameters, name);
  return { type: 'float32', shape: found.shape, data: Float32Array.from(found.dataSync()) };
}

function drawTensor({ shape, deviation, mean = 0 }: Start, random: Random): Tensor {
  const values = Float32Array.from({ length: elementCount(shape) }, () =>
    deviation === 0 ? mean : mean + deviation * random.normal(),
  );
  return tensor(values, [...shape], 'float32');
}
