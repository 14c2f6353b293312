import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer';
import { expect, onTestFinished, test } from 'vitest';
import { AssayError } from '../../../core/errors.ts';
import type { Data } from '../../../datasets/readers/data.ts';
import { drain } from '../../../datasets/readers/drain.ts';
import { parquetSteps } from '../../../datasets/readers/parquet-steps.ts';
import { readBlocks, type ReadOptions } from '../../../datasets/readers/read-rows.ts';
import { scanCells, type ScanCells } from '../../../datasets/readers/scan-cells.ts';
import type { Format } from '../../../datasets/manifest.ts';
import { allRows } from '../../../datasets/rows.ts';

const csv: Format = { kind: 'csv', skipLines: 0, gzip: false };
const jsonl: Format = { kind: 'jsonl', gzip: false };

/** Bytes that come in pieces of a size. */
function pieces(content: string | Uint8Array, size = 2 ** 20): Data {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return {
    where: 'rows',
    path: null,
    bytes: async function* () {
      for (let start = 0; start < bytes.length; start += size)
        yield await Promise.resolve(bytes.subarray(start, start + size));
    },
  };
}

interface Told {
  number: number;
  cells: unknown[];
}

async function read(data: Data, options: ReadOptions): Promise<Told[]> {
  const rows = (await Array.fromAsync(readBlocks(data, options))).flatMap(({ block, before }) => [
    ...allRows(block, before),
  ]);
  return rows.map(({ number, block, index }) => ({
    number,
    cells: options.columns.map((_, column) => block.cell(index, column)),
  }));
}

test('A quoted cell keeps its comma, its quote and its line break', async () => {
  const rows = await read(pieces('a,b\n"x, ""y""\nz",2\n'), { format: csv, columns: ['a', 'b'] });
  expect(rows).toEqual([{ number: 1, cells: ['x, "y"\nz', '2'] }]);
});

test('Only the columns that are asked for are read, in the order asked', async () => {
  const rows = await read(pieces('a,b,c\n1,2,3\n4,5,6\n'), { format: csv, columns: ['c', 'a'] });
  expect(rows.map(({ cells }) => cells)).toEqual([
    ['3', '1'],
    ['6', '4'],
  ]);
});

test('Where the pieces of a file end changes nothing of its rows', async () => {
  const text = '\uFEFFa,b\r\n"ü, ""é""\n😀",2\r\n\r\n  x , y\r\n';
  const lines = '{"a":"ü😀","b":1}\n\n{"b":2}\n';
  const whole = {
    csv: await read(pieces(text), { format: csv, columns: ['a', 'b'] }),
    jsonl: await read(pieces(lines), { format: jsonl, columns: ['a', 'b'] }),
  };
  expect(whole.csv.map(({ cells }) => cells)).toEqual([
    ['ü, "é"\n😀', '2'],
    ['x', 'y'],
  ]);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (size) => {
      expect(await read(pieces(text, size), { format: csv, columns: ['a', 'b'] })).toEqual(whole.csv);
      const zipped = pieces(gzipSync(lines), size);
      expect(await read(zipped, { format: { ...jsonl, gzip: true }, columns: ['a', 'b'] })).toEqual(
        whole.jsonl,
      );
    }),
    { seed: 1, numRuns: 40 },
  );
});

test('A CSV row with too many cells is an error with its line', async () => {
  await expect(read(pieces('a,b\n1,2\n1,2,3\n'), { format: csv, columns: [] })).rejects.toThrow(
    /rows is not valid CSV: .*line 3/s,
  );
});

test('Rows that have another number of cells than columns are named are an error with both numbers', async () => {
  const format: Format = { ...csv, columns: ['a', 'b'] };
  await expect(read(pieces('1,2,3\n'), { format, columns: ['a'] })).rejects.toThrow(
    /its first row has 3 cells and 2 columns are named/,
  );
});

test('A line that is no JSON object is an error with its number', async () => {
  const lines = (text: string): Promise<Told[]> => read(pieces(text), { format: jsonl, columns: ['a'] });
  await expect(lines('{"a":1}\n[2]\n')).rejects.toThrow(
    /rows, line 2:\n.*expected an object with a value for each column/,
  );
  await expect(lines('{}\n')).rejects.toThrow('no column "a". Its first row has no columns.');
  await expect(lines('{"a":1}\n{"a"\n')).rejects.toThrow(/rows, line 2 is not valid JSON/);
});

test('A row that never ends is refused before it fills the memory', async () => {
  const endless = pieces('x'.repeat(17 * 2 ** 20));
  await expect(read(endless, { format: jsonl, columns: ['a'] })).rejects.toThrow(
    /rows, line 1 has more than 16777216 characters/,
  );
  await expect(read(endless, { format: csv, columns: ['a'] })).rejects.toThrow(/rows is not valid CSV/);
});

test('A compressed file that grows beyond the limit is refused', async () => {
  const bytes = gzipSync(Buffer.alloc(1_000_000));
  expect(bytes.length).toBeLessThan(10_000);
  const options = { format: { ...csv, gzip: true }, columns: [], maxBytes: 10_000 };
  await expect(read(pieces(bytes), options)).rejects.toThrow(
    /rows does not decompress to 10000 bytes or fewer/,
  );
});

test('A compressed file that is cut short is an error', async () => {
  const bytes = gzipSync('a\n1\n2\n3\n').subarray(0, 20);
  await expect(read(pieces(bytes), { format: { ...csv, gzip: true }, columns: ['a'] })).rejects.toThrow(
    /rows does not decompress/,
  );
});

/** Cells as files have them, some of which only a parser can tell. */
const cell = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('1', '-2.5', '007', '0.10', 'x', ' y ', '', 'é', '1e5', '😀') },
  { weight: 1, arbitrary: fc.constantFrom('"a,b"', '"a\nb"', '"say ""no"""') },
);

test('Rows are the same whether a line is indexed or parsed, and wherever the first quote comes', async () => {
  const row = fc.array(cell, { minLength: 3, maxLength: 3 }).map((cells) => cells.join(','));
  const lineEnd = fc.constantFrom('\n', '\r\n');
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), lineEnd, async (lines, end) => {
      const text = ['a,b,c', ...lines, ''].join(end);
      const expected: string[][] = parse(text, { trim: true, skip_empty_lines: true, from_line: 2 });
      for (const size of [7, 2 ** 20]) {
        const scan: ScanCells = async (...line) => Promise.resolve(scanCells(...line));
        const rows = await read(pieces(text, size), { format: csv, columns: ['a', 'b', 'c'], scan });
        expect(rows.map(({ cells }) => cells)).toEqual(expected);
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('An error after a quoted cell names the line of the file', async () => {
  const text = 'a,b\n1,2\n"x\ny",2\n1,2,3\n';
  await expect(read(pieces(text), { format: csv, columns: ['a'] })).rejects.toThrow(
    'rows is not valid CSV: line 5 has 3 cells, where 2 are expected',
  );
});

test('Bytes that are not UTF-8 are an error', async () => {
  const bytes = Uint8Array.of(0xff, 0xfe, 0x41);
  await expect(read(pieces(bytes), { format: csv, columns: [] })).rejects.toThrow(/rows is not UTF-8 text/);
});

test.each([
  [csv, 'a,b\n'],
  [jsonl, '\n'],
  [{ kind: 'json', gzip: false } as const, '[]'],
])('A file without rows is an error: %o', async (format, text) => {
  await expect(read(pieces(text), { format, columns: ['a'] })).rejects.toThrow(/rows has no rows/);
});

const parquet: Format = { kind: 'parquet' };

async function parquetOf(
  columnData: ColumnSource[],
  options: Omit<Parameters<typeof parquetWriteBuffer>[0], 'columnData'> = {},
): Promise<Data> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-parquet-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bytes = new Uint8Array(parquetWriteBuffer({ columnData, ...options }));
  const file = path.join(folder, 'rows.parquet');
  await writeFile(file, bytes);
  return { ...pieces(bytes), path: file };
}

const wide = Array.from({ length: 10_000 }, (_, row) => row / 4);
const columns: ColumnSource[] = [
  { name: 'width', data: wide, type: 'DOUBLE' },
  { name: 'count', data: wide.map((_, row) => BigInt(row)), type: 'INT64' },
  { name: 'kind', data: wide.map((_, row) => (row % 3 === 0 ? null : `kind ${row % 7}`)), type: 'STRING' },
  { name: 'unread', data: wide, type: 'DOUBLE' },
];
const expected = wide.map((width, row) => ({
  number: row + 1,
  cells: [row % 3 === 0 ? null : `kind ${row % 7}`, width, row],
}));

test.each([
  ['one row group', {}],
  ['row groups of 700 rows', { rowGroupSize: 700 }],
  ['gzip', { codec: 'GZIP', compressors: { GZIP: (bytes: Uint8Array) => gzipSync(bytes) } }],
  ['zstd', { codec: 'ZSTD', compressors: { ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes) } }],
  ['brotli', { codec: 'BROTLI', compressors: { BROTLI: (bytes: Uint8Array) => brotliCompressSync(bytes) } }],
] as const)('A Parquet file of %s gives its rows in order', async (_, options) => {
  const data = await parquetOf(columns, options);
  expect(await read(data, { format: parquet, columns: ['kind', 'width', 'count'] })).toEqual(expected);
});

test('A column of a compressed Parquet file that holds nothing is read as nothing', async () => {
  const nothing: ColumnSource[] = [{ name: 'x', data: [null, null], type: 'DOUBLE', nullable: true }];
  const data = await parquetOf(nothing, { codec: 'ZSTD', compressors: { ZSTD: zstdCompressSync } });
  const rows = await read(data, { format: parquet, columns: ['x'] });
  expect(rows.map(({ cells }) => cells)).toEqual([[null], [null]]);
});

test('A date of a Parquet file comes as ISO 8601', async () => {
  const day = new Date('1974-05-06T00:00:00Z');
  const data = await parquetOf([{ name: 'day', data: [day], type: 'TIMESTAMP' }]);
  const [row] = await read(data, { format: parquet, columns: ['day'] });
  expect(row?.cells).toEqual(['1974-05-06T00:00:00.000Z']);
});

const ids = ['9007199254740991', '9007199254740992', '9007199254740993', '-9007199254740993'];

test('A whole number of JSON beyond what a number holds comes as its text, another as a number', async () => {
  const lines = ids.map(
    (id) => `{"id":${id},"list":[${id}],"x":0.12345678901234567,"y":12345678901234567e3}`,
  );
  const [x, y] = [0.12345678901234567, 12345678901234567e3];
  const exact = [9007199254740991, ...ids.slice(1)].map((id) => [id, [id], x, y]);
  const columns = ['id', 'list', 'x', 'y'];
  const asLines = await read(pieces(lines.join('\n')), { format: jsonl, columns });
  const asArray = await read(pieces(`[${lines.join(',')}]`), {
    format: { kind: 'json', gzip: false },
    columns,
  });
  for (const rows of [asLines, asArray]) expect(rows.map(({ cells }) => cells)).toEqual(exact);
});

test('A whole number of Parquet beyond what a number holds comes as its text', async () => {
  const data = await parquetOf([{ name: 'id', data: ids.map(BigInt), type: 'INT64' }]);
  const rows = await read(data, { format: parquet, columns: ['id'] });
  expect(rows.map(({ cells: [id] }) => id)).toEqual([9007199254740991, ...ids.slice(1)]);
});

test('A column that a Parquet file lacks is an error that names the nearest one', async () => {
  const data = await parquetOf(columns);
  await expect(read(data, { format: parquet, columns: ['widht'] })).rejects.toThrow(
    /rows has no column "widht"\. Did you mean "width"/,
  );
});

test('Bytes that are not Parquet are refused', async () => {
  const data = await parquetOf(columns);
  await writeFile(data.path ?? '', 'width\n1\n');
  await expect(read(data, { format: parquet, columns: ['width'] })).rejects.toThrow(
    /rows is not valid Parquet/,
  );
});

test('A Parquet file with a wrong byte in its description gives rows or says so, and leaves no promise behind', async () => {
  const data = await parquetOf([{ name: 'a', data: [1.5, 2.5, 3.5], type: 'DOUBLE' }]);
  const whole = await readFile(data.path ?? '');
  const told = new Set<string>();
  // The description comes last; its length is told before the last four bytes.
  const start = whole.length - 8 - whole.readUInt32LE(whole.length - 8);
  for (let at = start; at < whole.length; at++) {
    const bytes = Uint8Array.from(whole, (byte, index) => (index === at ? byte ^ 0xff : byte));
    await writeFile(data.path ?? '', bytes);
    const selection = { where: 'rows', columns: ['a'] };
    await drain(parquetSteps({ path: data.path ?? '', selection })).catch((thrown: unknown) => {
      told.add(thrown instanceof AssayError ? thrown.message : String(thrown));
    });
  }
  expect(told.size).toBeGreaterThan(3);
  expect([...told].filter((message) => !message.startsWith('rows '))).toEqual([]);
  expect([...told].join()).not.toMatch(/Cannot read|NaN/);
});
