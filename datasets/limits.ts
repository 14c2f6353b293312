import type { Format } from './manifest.ts';

/** No row may have more characters. */
export const longestRow = 16 * 2 ** 20;

/** A row group of a Parquet file is held whole, so it may have no more bytes, uncompressed, in the columns that are read. */
export const largestRowGroup = 512 * 2 ** 20;

/** The most bytes a file may have, compressed or not: a JSON array is held whole, other formats are read row by row. */
export function largestFile({ kind }: Format): number {
  return kind === 'json' ? 512 * 2 ** 20 : 64 * 2 ** 30;
}
