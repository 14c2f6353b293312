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
  const Values = column.constructor as unknown as {
    new (memory: SharedArrayBuffer, offset: number, length: number): ArrayBufferView;
    BYTES_PER_ELEMENT: number;
  };
  const { buffer, byteOffset, byteLength } = inShared(column);
  return new Values(buffer, byteOffset, byteLength / Values.BYTES_PER_ELEMENT);
}

/** The bytes of an array where worker threads see them without a copy: where they are, or else copied. */
export function inShared({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array<SharedArrayBuffer> {
  if (buffer instanceof SharedArrayBuffer) return new Uint8Array(buffer, byteOffset, byteLength);
  const shared = new Uint8Array(new SharedArrayBuffer(byteLength));
  shared.set(new Uint8Array(buffer, byteOffset, byteLength));
  return shared;
}
