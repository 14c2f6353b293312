/** Numbers taken at a time: 16 kB of each column stay in a core's first cache. */
export const blockSize = 2048;

// The compiler makes better code of a function that is called often, for a block each, than of one long loop.

/** Visits rows [start, end) of `count`, block by block. */
export function forEachBlock(count: number, visit: (start: number, end: number) => void): void {
  for (let start = 0; start < count; start += blockSize) visit(start, Math.min(count, start + blockSize));
}

/** Whether a check is true of a block. */
export function someBlock(count: number, isTrue: (start: number, end: number) => boolean): boolean {
  for (let start = 0; start < count; start += blockSize)
    if (isTrue(start, Math.min(count, start + blockSize))) return true;
  return false;
}
