import { compiled } from './compiled.ts';

/** A sum, or the largest, of the losses of rows. `option` is what some take beside, such as a slope. */
type RowsKernel = (...given: [y: number, p: number, count: number, option: number]) => number;

type RangeKernel = (...given: [values: number, count: number, low: number, high: number]) => number;

/** What is compiled of `assembly/`. Columns are given by the addresses of their first rows. */
interface Compiled {
  sumOfSquaredErrors: RowsKernel;
  sumOfAbsoluteErrors: RowsKernel;
  largestAbsoluteError: RowsKernel;
  sumOfPercentageErrors: RowsKernel;
  sumOfSymmetricErrors: RowsKernel;
  sumOfPinballErrors: RowsKernel;
  sumOfSquaredLogErrors: RowsKernel;
  hasInside: RangeKernel;
  hasOutside: RangeKernel;
  hasForeignIndex: (indices: number, count: number, size: number) => number;
  hasRowAmiss: (...given: [values: number, count: number, columns: number, tolerance: number]) => number;
  moments: (
    ...given: [y: number, p: number, count: number, errorShift: number, valueShift: number, sums: number]
  ) => void;
  errorsWithin: (
    ...given: [y: number, p: number, count: number, low: number, high: number, kept: number]
  ) => number;
}

/** A kernel that sums a loss over rows. */
export type LossKernel = Extract<keyof Compiled, `sumOf${string}`>;

/** Kernels on one memory. */
export interface Kernels {
  buffer: ArrayBufferLike;
  compiled: Compiled;
}

/** A page of WebAssembly: what kernels need beside columns of at most 2048 rows at a time. */
export const workspaceBytes = 65_536;
/** Most a memory can have, in bytes. */
export const largestMemoryBytes = 65_536 * 65_536;

const instances = new WeakMap<ArrayBufferLike, Kernels>();
let module: WebAssembly.Module | null = null;
let own: Kernels | null = null;

/** A memory of some bytes that threads share, of which kernels take the first `workspaceBytes`. Throws a RangeError where there is none to have. */
export function createMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / 65_536);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** Lets kernels read columns in a memory where they lie, in this thread. */
export function adoptMemory(memory: WebAssembly.Memory): Kernels {
  const known = instances.get(memory.buffer);
  if (known !== undefined) return known;
  module ??= new WebAssembly.Module(Buffer.from(compiled, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernels = { buffer: memory.buffer, compiled: exports as unknown as Compiled };
  instances.set(memory.buffer, kernels);
  return kernels;
}

/** The kernels on the memory that a column lies in, or else on one of this thread's own. */
export function kernelsFor({ buffer }: ArrayBufferView): Kernels {
  return instances.get(buffer) ?? (own ??= adoptMemory(createMemory(workspaceBytes)));
}
