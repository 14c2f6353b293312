import { compiled } from './compiled.ts';

/** A sum, or the largest, of the losses of rows. `option` is what some take beside, such as a slope. */
type RowsKernel = (...given: [y: number, p: number, count: number, option: number]) => number;

/** Keys of positives and of negatives that `sortNumbers` left, by the addresses where each begin and end. */
type SortedKeys = [positives: number, positivesEnd: number, negatives: number, negativesEnd: number];

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
  sortNumbers: (...given: [numbers: number, spare: number, count: number, counters: number]) => number;
  precisionArea: (...given: SortedKeys) => number;
  rocArea: (...given: [...keys: SortedKeys, limit: number]) => number;
}

/** A kernel that sums a loss over rows. */
export type LossKernel = Extract<keyof Compiled, `sumOf${string}`>;

/** Kernels of a thread on one memory. */
export interface Kernels {
  buffer: ArrayBufferLike;
  /** Where the workspace begins that no other thread has. */
  workspace: number;
  compiled: Compiled;
}

/** A page of WebAssembly: what the kernels of a thread need beside columns of at most 2048 rows at a time. */
const workspaceBytes = 65_536;
/** Threads that can read one memory; others copy what they read. */
const mostThreads = 16;
/** Of a memory, what lies before its columns. */
export const reservedBytes = mostThreads * workspaceBytes;
/** How many threads have a workspace, as an int32: behind the constants of the kernels, in front of what the first workspace uses. */
const threadsAt = 2048;
/** Most a memory can have, in bytes. */
export const largestMemoryBytes = 65_536 * 65_536;

const instances = new WeakMap<ArrayBufferLike, Kernels>();
let module: WebAssembly.Module | null = null;
let own: Kernels | null = null;

/** A memory of some bytes that threads share, of which kernels take the first `reservedBytes`. Throws a RangeError where there is none to have. */
export function createMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / 65_536);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** Lets kernels read columns in a memory where they lie, in this thread; null where too many threads do already. */
export function adoptMemory(memory: WebAssembly.Memory): Kernels | null {
  const known = instances.get(memory.buffer);
  if (known !== undefined) return known;
  const thread = Atomics.add(new Int32Array(memory.buffer, threadsAt, 1), 0, 1);
  if (thread >= mostThreads) return null;
  const kernels = instantiate(memory, thread * workspaceBytes);
  instances.set(memory.buffer, kernels);
  return kernels;
}

/** Kernels on a memory, with a workspace of this thread in it. */
export function instantiate(memory: WebAssembly.Memory, workspace: number): Kernels {
  module ??= new WebAssembly.Module(Buffer.from(compiled, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { buffer: memory.buffer, workspace, compiled: exports as unknown as Compiled };
}

/** The kernels on the memory that a column lies in, or else on one of this thread's own. */
export function kernelsFor({ buffer }: ArrayBufferView): Kernels {
  return instances.get(buffer) ?? (own ??= instantiate(createMemory(workspaceBytes), 0));
}
