import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readTable } from '../../../datasets/readers/read-table.ts';
import type { Format } from '../../../datasets/manifest.ts';

const csv: Format = { kind: 'csv', skipLines: 0, gzip: false };
const data = (text: string): { where: string; bytes: Uint8Array } => ({
  where: 'rows',
  bytes: Buffer.from(text),
});

test('A quoted cell keeps its comma, its quote and its line break', () => {
  const { rows } = readTable(data('a,b\n"x, ""y""\nz",2\n'), csv, 1000);
  expect(rows).toEqual([{ number: 1, cells: { a: 'x, "y"\nz', b: '2' } }]);
});

test('A CSV row with too many cells is an error with its line', () => {
  expect(() => readTable(data('a,b\n1,2\n1,2,3\n'), csv, 1000)).toThrow(/rows is not valid CSV: .*line 3/s);
});

test('A line that is no JSON object is an error with its number', () => {
  const format: Format = { kind: 'jsonl', gzip: false };
  expect(() => readTable(data('{"a":1}\n[2]\n'), format, 1000)).toThrow(/rows, line 2/);
  expect(() => readTable(data('{"a":1}\n{"a"\n'), format, 1000)).toThrow(/rows, line 2 is not valid JSON/);
});

test('A compressed file that grows beyond the limit is refused', () => {
  const bytes = gzipSync(Buffer.alloc(1_000_000));
  expect(bytes.length).toBeLessThan(10_000);
  expect(() => readTable({ where: 'bomb', bytes }, { ...csv, gzip: true }, 10_000)).toThrow(
    /bomb does not decompress to 10000 bytes or fewer/,
  );
});

test('Bytes that are not UTF-8 are an error', () => {
  expect(() => readTable({ where: 'rows', bytes: Uint8Array.of(0xff, 0xfe, 0x41) }, csv, 1000)).toThrow(
    /rows is not UTF-8 text/,
  );
});

test('A file without rows is an error', () => {
  expect(() => readTable(data('a,b\n'), csv, 1000)).toThrow(/rows has no rows/);
});
