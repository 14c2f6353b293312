import { open, type FileHandle } from 'node:fs/promises';
import {
  parquetMetadataAsync,
  parquetScan,
  type AsyncBuffer,
  type DecodedArray,
  type FileMetaData,
  type RowGroup,
} from 'hyparquet';
import { decompressors } from '../../core/decompressors.ts';
import { AssayError, messageOf } from '../../core/errors.ts';
import { largestRowGroup } from '../limits.ts';
import type { Selection } from './data.ts';
import { requireColumns } from './require-columns.ts';

/** A file on the disk, and what is read of it. */
export interface ParquetRequest {
  path: string;
  selection: Selection;
}

/** `sizes` are the uncompressed bytes of the row groups that follow, in the columns that are read; a group has its columns in their order. */
export type ParquetStep =
  { kind: 'sizes'; sizes: readonly number[] } | { kind: 'group'; rows: number; columns: DecodedArray[] };

/** Reads a Parquet file, a row group in memory at a time. On a damaged file it may never come back. */
export async function* parquetSteps({
  path,
  selection,
}: ParquetRequest): AsyncGenerator<ParquetStep, undefined> {
  const file = await open(path);
  try {
    yield* readGroups(await bufferOf(file), selection);
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    const message = `${selection.where} is not valid Parquet: ${reasonOf(cause)}.`;
    throw new AssayError('dataset-invalid', message, { cause });
  } finally {
    await file.close();
  }
}

/** In the words of hyparquet, where it noticed; else it stumbled over what is not there. */
function reasonOf(cause: unknown): string {
  const isNoticed = !(cause instanceof TypeError || cause instanceof RangeError);
  return isNoticed ? messageOf(cause) : 'its parts do not fit together';
}

async function bufferOf(file: FileHandle): Promise<AsyncBuffer> {
  const { size } = await file.stat();
  return {
    byteLength: size,
    slice: (start, end = size) => {
      const bytes = readRange(file, { start, end, size });
      // hyparquet reads ahead, and never looks at what it does not come to need.
      bytes.catch(() => undefined);
      return bytes;
    },
  };
}

async function readRange(
  file: FileHandle,
  { start, end, size }: { start: number; end: number; size: number },
): Promise<ArrayBuffer> {
  if (!(start >= 0 && start <= end && end <= size))
    throw new Error(`it names bytes beyond the ${size} that it has`);
  const bytes = new Uint8Array(end - start);
  await file.read(bytes, 0, bytes.length, start);
  return bytes.buffer;
}

async function* readGroups(file: AsyncBuffer, selection: Selection): AsyncGenerator<ParquetStep, undefined> {
  const metadata = await parquetMetadataAsync(file);
  requireColumns(selection, new Set(metadata.schema.slice(1).map(({ name }) => name)));
  yield { kind: 'sizes', sizes: metadata.row_groups.map((group) => sizeOf(group, selection)) };
  yield* decodeGroups({ file, metadata, columns: [...selection.columns] });
}

async function* decodeGroups(options: {
  file: AsyncBuffer;
  metadata: FileMetaData;
  columns: string[];
}): AsyncGenerator<ParquetStep, undefined> {
  const scan = await parquetScan({ ...options, compressors: decompressors });
  for (const range of scan.ranges) {
    const read = options.columns.map((column) => scan.readColumn({ ...range, column }));
    yield { kind: 'group', rows: range.rowEnd - range.rowStart, columns: await Promise.all(read) };
  }
}

function sizeOf({ columns, num_rows: rows }: RowGroup, selection: Selection): number {
  const read = columns.flatMap(({ meta_data: chunk }) =>
    chunk !== undefined && selection.columns.includes(chunk.path_in_schema[0] ?? '') ? [chunk] : [],
  );
  const sizeBytes = read.reduce((sum, chunk) => sum + Number(chunk.total_uncompressed_size), 0);
  if (sizeBytes <= largestRowGroup) return sizeBytes;
  if (Number.isNaN(sizeBytes)) throw new Error('a row group does not tell its size');
  throw new AssayError(
    'dataset-invalid',
    `${selection.where} has a row group of ${rows} rows and ${sizeBytes} bytes, the most read here is ${largestRowGroup}.`,
    { hint: 'Write it with smaller row groups, e.g. row_group_size=65536 in PyArrow.' },
  );
}
