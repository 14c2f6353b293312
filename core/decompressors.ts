import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';

/** What hyparquet does not decompress itself, in native code; it says how many bytes must come out. */
export const decompressors: Compressors = {
  BROTLI: (input, size) => brotliDecompressSync(input, atMost(size)),
  GZIP: (input, size) => gunzipSync(input, atMost(size)),
  ZSTD: (input, size) => zstdDecompressSync(input, atMost(size)),
};

/** A page without a value has no bytes, and zlib takes no limit of none. */
function atMost(size: number): { maxOutputLength: number } {
  return { maxOutputLength: Math.max(1, size) };
}
