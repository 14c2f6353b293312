import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '../../core/tensor.ts';

/** Element types that TF.js and Assay both have. */
type SharedType = 'float32' | 'int32' | 'bool' | 'string';

const types: readonly string[] = ['float32', 'int32', 'bool', 'string'] satisfies SharedType[];

/** The element type of an input or output. TF.js computes in float32 where it says nothing. */
export function typeOf(dtype = 'float32'): SharedType {
  if (!isShared(dtype)) throw new Error(`tensors of ${dtype} cannot be handed over`);
  return dtype;
}

export function toTfjs(tensor: Tensor | undefined, name: string): tf.Tensor {
  if (tensor === undefined) throw new Error(`input "${name}" is missing`);
  const { type, data } = tensor;
  if (!isShared(type)) throw new Error(`input "${name}" is ${type}; ${types.join(', ')} are accepted`);
  const values = tensor.type === 'string' ? [...tensor.data] : data;
  return tf.tensor(values as tf.TensorLike, [...tensor.shape], type);
}

/** A tensor by the values that were read from it. */
export function fromTfjs({ shape, dtype }: tf.Tensor, values: unknown): Tensor {
  switch (typeOf(dtype)) {
    case 'float32':
      return { type: 'float32', shape, data: values as Float32Array };
    case 'int32':
      return { type: 'int32', shape, data: Int32Array.from(values as Int32Array) };
    case 'bool':
      return { type: 'bool', shape, data: Uint8Array.from(values as Uint8Array) };
    case 'string':
      return { type: 'string', shape, data: values as string[] };
  }
}

function isShared(type: string): type is SharedType {
  return types.includes(type);
}
