import { scanKernel } from './kernel/scan-kernel.ts';

/** Where the cells that are read lie in a line. */
export interface CsvLayout {
  /** Cells a line. */
  cells: number;
  /** By cell of a line, the column it is read as, or -1. */
  columnOf: Int32Array;
  /** How many columns are read. */
  columns: number;
}

/** The cells of whole lines that are read, row by row, in memory that threads share. */
export interface Scan {
  rows: number;
  /** Ends of lines, those of empty ones, too. */
  lines: number;
  /** NaN where a cell is no number in decimal notation. */
  numbers: Float64Array;
  /** Start and end of each cell in the bytes; null where all are numbers. */
  bounds: Int32Array | null;
  /** By column, 1 where `String` writes the number of every cell as the bytes do. */
  isAsWritten: Uint8Array;
  /** By column, 1 where every cell is a number. */
  isNumeric: Uint8Array;
  /** By column, the largest magnitude of its numbers. */
  largest: Float64Array;
}

/** Scans cells in this thread or in another; null where a real parser is asked for. */
export type ScanCells = (bytes: Buffer, layout: CsvLayout) => Scan | null | Promise<Scan | null>;

/** Scans whole lines; null where a quote, a lone carriage return or a line of another number of cells asks for a real parser. */
export function scanCells(bytes: Buffer, layout: CsvLayout): Scan | null {
  const found = scanKernel().scan(bytes, layout);
  if (found === null) return null;
  const isNumeric = found.isNumeric.slice();
  return {
    ...{ rows: found.rows, lines: found.lines, isNumeric },
    isAsWritten: found.isAsWritten.slice(),
    largest: found.largest.slice(),
    numbers: toShared(found.numbers),
    bounds: isNumeric.includes(0) ? found.bounds.slice() : null,
  };
}

/** Start and end of each cell of lines that were scanned before. */
export function boundsOf(bytes: Buffer, layout: CsvLayout): Int32Array {
  return scanKernel().scan(bytes, layout)?.bounds.slice() ?? new Int32Array();
}

function toShared(numbers: Float64Array): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(numbers.byteLength));
  shared.set(numbers);
  return shared;
}
