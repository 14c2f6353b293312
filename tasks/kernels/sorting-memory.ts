import { createMemory, instantiate, type Kernels, largestMemoryBytes } from './kernels.ts';

/** A memory where numbers are sorted, which no other thread has. */
export interface SortingMemory {
  compiled: Kernels['compiled'];
  /** Where numbers are put that `sortRun` sorts; as much lies behind it. Used again by the next to ask. */
  numbers: Float64Array;
}

/** Sorted numbers as the kernels' keys: the addresses of the first, and behind the last. */
export type SortedRun = readonly [start: number, end: number];

// In front of the numbers a page, of which constants of the kernels take up to 1 kB.
const countersAt = 4096;
const numbersAt = 65_536;
/** A number and its place in the working memory. */
const bytesEach = 2 * Float64Array.BYTES_PER_ELEMENT;

/** The kernels compare addresses with some that are a little beyond the end, which must not be beyond 4 GiB: those begin at 0 again. */
const mostCount = (largestMemoryBytes - 65_536 - numbersAt) / bytesEach;

/** Each thread keeps a memory of 64 MiB, of which the system gives what was touched. */
const keptCount = (1024 * 65_536 - numbersAt) / bytesEach;

let kept: SortingMemory | null = null;
/** One for more numbers, until the collector of garbage takes it, which may be long: else each question would add one. */
let large: WeakRef<SortingMemory> | null = null;

/** Memory to sort so many numbers in; null where they take 4 GiB, or there is no such memory to have. */
export function memoryToSort(count: number): SortingMemory | null {
  if (count <= keptCount) return (kept ??= newMemory(keptCount));
  return count <= mostCount ? largeMemory(count) : null;
}

function largeMemory(count: number): SortingMemory | null {
  const known = large?.deref();
  if (known !== undefined && known.numbers.length >= count) return known;
  // Some to spare, which is not touched: so few are outgrown.
  const made = newMemory(Math.min(mostCount, 2 ** Math.ceil(Math.log2(count))));
  if (made !== null) large = new WeakRef(made);
  return made;
}

function newMemory(count: number): SortingMemory | null {
  try {
    const { buffer, compiled } = instantiate(createMemory(numbersAt + count * bytesEach), 0);
    return { compiled, numbers: new Float64Array(buffer, numbersAt, count) };
  } catch (error) {
    // As for columns: there may be no addresses left.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Sorts numbers [start, end) of those in the memory, none of them NaN; they are keys afterwards. */
export function sortRun({ compiled, numbers }: SortingMemory, start: number, end: number): SortedRun {
  const address = numbersAt + start * numbers.BYTES_PER_ELEMENT;
  const bytes = (end - start) * numbers.BYTES_PER_ELEMENT;
  // Addresses are int32 to JavaScript.
  const sorted = compiled.sortNumbers(address, address + numbers.byteLength, end - start, countersAt) >>> 0;
  return [sorted, sorted + bytes];
}
