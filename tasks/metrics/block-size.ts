/** Numbers taken at a time: 16 kB of each column stay in a core's first cache. */
export const blockSize = 2048;
