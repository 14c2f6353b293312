import type { Tensor, Tensors } from '../../core/tensor.ts';

/** The same tensors in memory that worker threads see without a copy; strings, which cannot lie there, as they are. */
export function toSharedMemory(tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, share(tensor)]));
}

function share(tensor: Tensor): Tensor {
  if (tensor.type === 'string') return tensor;
  const Values = tensor.data.constructor as new (memory: SharedArrayBuffer) => typeof tensor.data;
  return { ...tensor, data: new Values(copyToShared(tensor.data).buffer) } as Tensor;
}

/** The bytes of an array in memory that worker threads see without a copy. */
export function copyToShared({
  buffer,
  byteOffset,
  byteLength,
}: ArrayBufferView): Uint8Array<SharedArrayBuffer> {
  const shared = new Uint8Array(new SharedArrayBuffer(byteLength));
  shared.set(new Uint8Array(buffer, byteOffset, byteLength));
  return shared;
}
