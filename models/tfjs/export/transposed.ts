import { elementCount } from '../../../core/tensor.ts';
import type { FloatTensor } from './value.ts';

/** A copy whose axis i is the axis `perm[i]` of the tensor. */
export function transposed(tensor: FloatTensor, perm: readonly number[]): FloatTensor {
  const shape = perm.map((axis) => tensor.shape[axis] ?? 1);
  const strides = perm.map((axis) => elementCount(tensor.shape.slice(axis + 1)));
  const data = new Float32Array(tensor.data.length);
  const place = perm.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    data[to] = tensor.data[from] ?? NaN;
    for (let axis = perm.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] ?? 0;
      from += stride;
      place[axis] = (place[axis] ?? 0) + 1;
      if (place[axis] !== shape[axis]) break;
      from -= stride * (place[axis] ?? 0);
      place[axis] = 0;
    }
  }
  return { type: 'float32', shape, data };
}
