import { zstdCompressSync } from 'node:zlib';
import { parquetMetadata, parquetScan, type AsyncBuffer } from 'hyparquet';
import type { ColumnSource } from 'hyparquet-writer';
import * as z from 'zod';
import type { Ids } from '../../core/ids.ts';
import { decompressors } from '../../core/decompressors.ts';
import { AssayError } from '../../core/errors.ts';
import { parseJson, parseWith, type Source } from '../../core/parse.ts';

/** The columns of a file of predictions by name; one that is missing or of another type is told by its name. */
export interface PredictionColumns {
  /** What the file says of itself. */
  header: <Schema extends z.ZodType>(schema: Schema) => z.output<Schema>;
  numbers: (name: string) => Float64Array;
  optionalNumbers: (name: string) => Float64Array | null;
  texts: (name: string) => string[];
  optionalTexts: (name: string) => string[] | null;
  /** Some bytes a row, or null. Null where there is no such column. */
  optionalBytes: (name: string) => (Uint8Array | null)[] | null;
  /** Texts that hold JSON. */
  json: <Schema extends z.ZodType>(name: string, schema: Schema) => z.output<Schema>[];
  /** One of `names` a row, as its index. */
  indices: (name: string, names: readonly string[]) => Int32Array;
}

/** In native code; snappy, which hyparquet has in JavaScript, took most of the time of a file. */
export const compression = {
  codec: 'ZSTD',
  compressors: { ZSTD: (bytes: Uint8Array): Uint8Array => zstdCompressSync(bytes) },
} as const;

/** Under this key of the Parquet metadata the file says what it is. */
export const metadataKey = 'assay';

export function textColumn(name: string, data: readonly string[]): ColumnSource {
  return { name, data: data.slice(), type: 'STRING' };
}

/** Ids, those that are numbers as the bytes of their texts: to encode each text by itself took a third of the time of a file. */
export function idColumn(name: string, ids: Ids): ColumnSource {
  return ids instanceof Int32Array ? { name, data: digitsOf(ids), type: 'STRING' } : textColumn(name, ids);
}

/** More than a number of 32 bits has, with its sign. */
const mostDigits = 11;
const [zero, minus] = [0x30, 0x2d];

/** The bytes that `String` writes of each number; all lie in one buffer. */
function digitsOf(numbers: Int32Array): Uint8Array[] {
  const bytes = new Uint8Array(mostDigits * numbers.length);
  const texts: Uint8Array[] = [];
  let end = bytes.length;
  for (let index = numbers.length - 1; index >= 0; index--) {
    const start = writeDigits(bytes, numbers[index] as number, end);
    texts.push(bytes.subarray(start, end));
    end = start;
  }
  return texts.reverse();
}

/** Writes a number in front of `end`; gives where it begins. */
function writeDigits(bytes: Uint8Array, number: number, end: number): number {
  let at = end;
  let rest = Math.abs(number);
  do {
    const next = Math.trunc(rest / 10);
    bytes[--at] = zero + rest - 10 * next;
    rest = next;
  } while (rest > 0);
  if (number < 0) bytes[--at] = minus;
  return at;
}

export function numberColumn(name: string, data: Float64Array): ColumnSource {
  return { name, data, type: 'DOUBLE', statistics: false };
}

/**
 * Some numbers a row as bytes, in little-endian order: a reader of Parquet need not know lists. Plain, since large ones are never alike,
 * and to find that out takes as long as all else.
 */
export function bytesColumn(name: string, data: readonly (Float32Array | Int32Array | null)[]): ColumnSource {
  const bytes = data.map((row) =>
    row === null ? null : new Uint8Array(row.buffer, row.byteOffset, row.byteLength),
  );
  return { name, data: bytes, type: 'BYTE_ARRAY', encoding: 'PLAIN', statistics: false };
}

/** A column of a row-major matrix. */
export function everyNth(matrix: ArrayLike<number>, width: number, column: number): Float64Array {
  const values = new Float64Array(matrix.length / width);
  for (let row = 0; row < values.length; row++) values[row] = matrix[row * width + column] ?? Number.NaN;
  return values;
}

/** Columns back to a row-major matrix. */
export function interleave(columns: readonly Float64Array[]): Float64Array {
  const matrix = new Float64Array((columns[0]?.length ?? 0) * columns.length);
  for (const [index, column] of columns.entries())
    for (const [row, value] of column.entries()) matrix[row * columns.length + index] = value;
  return matrix;
}

export async function readColumns(file: ArrayBuffer, source: Source): Promise<PredictionColumns> {
  const metadata = parquetMetadata(file);
  const about = metadata.key_value_metadata?.find(({ key }) => key === metadataKey)?.value;
  if (about === undefined)
    throw new AssayError(
      source.code,
      `${source.where} holds no predictions: its metadata has no "${metadataKey}".`,
    );
  const names = metadata.schema.slice(1).map(({ name }) => name);
  const buffer: AsyncBuffer = { byteLength: file.byteLength, slice: (start, end) => file.slice(start, end) };
  const scan = await parquetScan({ file: buffer, metadata, utf8: false, compressors: decompressors });
  const columns = new Map<string, unknown[]>();
  for (const name of names) {
    const parts = await Promise.all(scan.ranges.map((range) => scan.readColumn({ ...range, column: name })));
    columns.set(
      name,
      parts.flatMap((part) => Array.from(part as ArrayLike<unknown>)),
    );
  }
  return createColumns(about, columns, source);
}

/** Infinity and NaN are values a model may put out; a metric, not the file, judges them. */
const anyNumber = z.custom<number>((value) => typeof value === 'number', 'expected a number');

const someBytes = z.instanceof(Uint8Array).nullable();

function createColumns(
  about: string,
  columns: ReadonlyMap<string, unknown[]>,
  source: Source,
): PredictionColumns {
  const named = (name: string): Source => ({ ...source, what: `column "${name}" of the predictions` });
  const column = <Value>(name: string, value: z.ZodType<Value>): Value[] =>
    parseWith(z.array(value), columns.get(name), named(name));
  const numbers = (name: string): Float64Array => Float64Array.from(column(name, anyNumber));
  const texts = (name: string): string[] => column(name, z.string());
  return {
    header: (schema) => parseJson(schema, about, source),
    numbers,
    optionalNumbers: (name) => (columns.has(name) ? numbers(name) : null),
    texts,
    optionalTexts: (name) => (columns.has(name) ? texts(name) : null),
    optionalBytes: (name) => (columns.has(name) ? column(name, someBytes) : null),
    json: (name, schema) => texts(name).map((text) => parseJson(schema, text, named(name))),
    indices: (name, known) => {
      const indexOf = new Map(known.map((one, index) => [one, index]));
      return Int32Array.from(column(name, z.enum(known)), (one) => indexOf.get(one) ?? 0);
    },
  };
}
