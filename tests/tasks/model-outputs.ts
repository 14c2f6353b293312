import type { Samples } from '../../core/samples.ts';
import type { Tensors } from '../../core/tensor.ts';

/** Three samples of two features and a number each. */
export const numbers: Samples = {
  ids: ['a', 'b', 'c'],
  inputs: { x: { type: 'float32', shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) } },
  references: { kind: 'values', unit: 'm', names: ['length'], values: Float64Array.of(1, 2, 3) },
};

/** What a model of a single output puts out. */
export function floats(shape: number[], values: number[]): Tensors {
  return { y: { type: 'float32', shape, data: Float32Array.from(values) } };
}
