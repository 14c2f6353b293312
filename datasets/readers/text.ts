import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AssayError, messageOf } from '../../core/errors.ts';
import type { Data } from './data.ts';

export interface TextOptions {
  gzip: boolean;
  /** What a compressed file may grow to. */
  maxBytes: number;
}

/** The text of UTF-8 bytes, piece by piece, without a byte order mark. */
export async function* readText(data: Data, options: TextOptions): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes: Uint8Array | undefined): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw notUtf8(data.where, cause);
    }
  };
  for await (const bytes of readBytes(data, options)) yield decode(bytes);
  yield decode(undefined);
}

/** The bytes of a file, decompressed where they are compressed. */
export function readBytes(data: Data, { gzip, maxBytes }: TextOptions): AsyncIterable<Uint8Array> {
  return gzip ? decompress(data, maxBytes) : data.bytes();
}

export function notUtf8(where: string, cause?: unknown): AssayError {
  return new AssayError('dataset-invalid', `${where} is not UTF-8 text.`, { cause });
}

async function* decompress(data: Data, maxBytes: number): AsyncGenerator<Uint8Array, void> {
  let sizeBytes = 0;
  try {
    // Its errors come out of the end that is read.
    for await (const bytes of pipeline(data.bytes(), createGunzip(), () => undefined)) {
      sizeBytes += (bytes as Uint8Array).length;
      if (sizeBytes > maxBytes) throw new Error('it grows larger');
      yield bytes as Uint8Array;
    }
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    const problem = `${data.where} does not decompress to ${maxBytes} bytes or fewer: ${messageOf(cause)}.`;
    throw new AssayError('dataset-invalid', problem, { cause });
  }
}
