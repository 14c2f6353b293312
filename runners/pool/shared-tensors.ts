import type { Tensors } from '../../core/tensor.ts';

/** The same tensors in memory that worker threads see without a copy; strings, which cannot lie there, as they are. */
export function toSharedMemory(tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, shareColumns(tensor)]));
}

/** The same columns, those of numbers in memory that worker threads see without a copy. */
export function shareColumns<Columns extends object>(columns: Columns): Columns {
  const entries = Object.entries(columns).map(([name, column]: [string, unknown]) => {
    return [name, ArrayBuffer.isView(column) ? shareColumn(column) : column] as const;
  });
  return Object.fromEntries(entries) as Columns;
}

function shareColumn(column: ArrayBufferView): ArrayBufferView {
  const Values = column.constructor as new (memory: SharedArrayBuffer) => ArrayBufferView;
  return new Values(copyToShared(column).buffer);
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
