import { open, type FileHandle } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  parquetMetadataAsync,
  parquetScan,
  type AsyncBuffer,
  type Compressors,
  type RowGroup,
} from 'hyparquet';
import { AssayError, messageOf } from '../../core/errors.ts';
import { largestRowGroup } from '../limits.ts';
import { cellBlock, type RowBlock } from '../row-block.ts';
import type { Data, Selection } from './data.ts';
import { drain } from './drain.ts';
import { requireColumns } from './require-columns.ts';

/** Rows passed on at a time. */
const chunkRows = 4096;

/** What hyparquet does not decompress itself; it says how many bytes must come out. */
const compressors: Compressors = {
  BROTLI: (input, maxOutputLength) => brotliDecompressSync(input, { maxOutputLength }),
  GZIP: (input, maxOutputLength) => gunzipSync(input, { maxOutputLength }),
  ZSTD: (input, maxOutputLength) => zstdDecompressSync(input, { maxOutputLength }),
};

/** Rows of a Parquet file, a row group in memory at a time; whole numbers come as numbers, dates as ISO 8601 texts. */
export async function* readParquet(data: Data, selection: Selection): AsyncGenerator<RowBlock, void> {
  if (data.path === null) throw new Error('internal: Parquet data without a file');
  await drain(data.bytes());
  const file = await open(data.path);
  try {
    yield* readGroups(await bufferOf(file), selection);
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    throw new AssayError('dataset-invalid', `${data.where} is not valid Parquet: ${reasonOf(cause)}.`, {
      cause,
    });
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

async function* readGroups(file: AsyncBuffer, selection: Selection): AsyncGenerator<RowBlock, void> {
  const metadata = await parquetMetadataAsync(file);
  requireColumns(selection, new Set(metadata.schema.slice(1).map(({ name }) => name)));
  for (const group of metadata.row_groups) requireGroupSize(group, selection);
  const columns = [...new Set(selection.columns)];
  const scan = await parquetScan({ file, metadata, columns, compressors });
  for (const range of scan.ranges) {
    const values = await Promise.all(
      selection.columns.map((column) => scan.readColumn({ ...range, column })),
    );
    const rows = range.rowEnd - range.rowStart;
    for (let start = 0; start < rows; start += chunkRows) {
      const count = Math.min(chunkRows, rows - start);
      const cells = Array.from({ length: count }, (_, row) =>
        values.map((column) => plain(column[start + row] as unknown)),
      );
      yield cellBlock(cells);
    }
  }
}

function requireGroupSize({ columns, num_rows: rows }: RowGroup, selection: Selection): void {
  const read = columns.flatMap(({ meta_data: chunk }) =>
    chunk !== undefined && selection.columns.includes(chunk.path_in_schema[0] ?? '') ? [chunk] : [],
  );
  const sizeBytes = read.reduce((sum, chunk) => sum + Number(chunk.total_uncompressed_size), 0);
  if (sizeBytes <= largestRowGroup) return;
  if (Number.isNaN(sizeBytes)) throw new Error('a row group does not tell its size');
  throw new AssayError(
    'dataset-invalid',
    `${selection.where} has a row group of ${rows} rows and ${sizeBytes} bytes, the most read here is ${largestRowGroup}.`,
    { hint: 'Write it with smaller row groups, e.g. row_group_size=65536 in PyArrow.' },
  );
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value instanceof Date ? value.toISOString() : value;
}
