import { adoptMemory, createMemory, largestMemoryBytes, reservedBytes } from './kernels.ts';

/** Columns, and the memory that those of numbers lie in. */
export interface Placed<Columns> {
  columns: Columns;
  memory: WebAssembly.Memory;
}

/**
 * The same columns, those of numbers in one memory, which the kernels read without a copy and worker threads share; null where they
 * are more than 4 GiB or there is no such memory to have.
 */
export function placeColumns<Columns extends object>(columns: Columns): Placed<Columns> | null {
  const memory = memoryFor(columns);
  if (memory === null) return null;
  let offset = reservedBytes;
  const placed = mapNumbers(columns, (column) => {
    const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    new Uint8Array(memory.buffer).set(bytes, offset);
    const copy = viewLike(column, memory.buffer, offset);
    offset += wholePages(column.byteLength);
    return copy;
  });
  adoptMemory(memory);
  return { columns: placed, memory };
}

/** The same columns where the kernels read them without a copy, if there is such memory to have. */
export function nearKernels<Columns extends object>(columns: Columns): Columns {
  return placeColumns(columns)?.columns ?? columns;
}

/** Columns that another thread placed, as this one sees them: a memory that is sent to a thread has another buffer there. */
export function receiveColumns<Columns extends object>({ columns, memory }: Placed<Columns>): Columns {
  adoptMemory(memory);
  return mapNumbers(columns, (column) => viewLike(column, memory.buffer, column.byteOffset));
}

function memoryFor(columns: object): WebAssembly.Memory | null {
  const bytes = Object.values(columns)
    .filter((column) => ArrayBuffer.isView(column))
    .reduce((sum, { byteLength }) => sum + wholePages(byteLength), reservedBytes);
  if (bytes > largestMemoryBytes) return null;
  try {
    return createMemory(bytes);
  } catch (error) {
    // There may be a limit on addresses, of which each memory takes some GB, however little it holds.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Each column begins with a page of the processor's. */
function wholePages(bytes: number): number {
  return Math.ceil(bytes / 4096) * 4096;
}

function mapNumbers<Columns extends object>(
  columns: Columns,
  mapped: (column: ArrayBufferView) => ArrayBufferView,
): Columns {
  const entries = Object.entries(columns).map(([name, column]: [string, unknown]) => {
    return [name, ArrayBuffer.isView(column) ? mapped(column) : column] as const;
  });
  return Object.fromEntries(entries) as Columns;
}

function viewLike(column: ArrayBufferView, buffer: ArrayBufferLike, offset: number): ArrayBufferView {
  const { constructor, byteLength } = column;
  const Values = constructor as unknown as {
    new (buffer: ArrayBufferLike, offset: number, length: number): ArrayBufferView;
    BYTES_PER_ELEMENT: number;
  };
  return new Values(buffer, offset, byteLength / Values.BYTES_PER_ELEMENT);
}
