import { gunzipSync } from 'node:zlib';
import { AssayError, messageOf } from '../../core/errors.ts';
import type { Format } from '../manifest.ts';
import type { Table } from '../table.ts';
import { readCsv } from './csv.ts';
import { readJson, readJsonLines } from './json.ts';

/** The bytes of a dataset and what they are called. */
export interface Data {
  where: string;
  bytes: Uint8Array;
}

/** Rows of the bytes; `maxBytes` bounds what a compressed file may grow to. */
export function readTable(data: Data, format: Format, maxBytes: number): Table {
  const text = textOf(format.gzip ? decompress(data, maxBytes) : data.bytes, data.where);
  switch (format.kind) {
    case 'csv':
      return readCsv(text, format, data.where);
    case 'json':
      return readJson(text, data.where);
    case 'jsonl':
      return readJsonLines(text, data.where);
  }
}

function decompress({ bytes, where }: Data, maxBytes: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    const problem = `${where} does not decompress to ${maxBytes} bytes or fewer: ${messageOf(cause)}.`;
    throw new AssayError('dataset-invalid', problem, { cause });
  }
}

function textOf(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AssayError('dataset-invalid', `${where} is not UTF-8 text.`, { cause });
  }
}
