import { decimalNumber, isAsWritten, readNumber, type NumberPlace } from './plain-number.ts';

const [newline, carriageReturn, quote, comma] = [0x0a, 0x0d, 0x22, 0x2c];
/** A line that asks for a real parser. */
const notPlain = -1;

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
  asWritten: Uint8Array;
  /** By column, 1 where every cell is a number. */
  isNumeric: Uint8Array;
}

/** Scans cells in this thread or in another; null where a real parser is asked for. */
export type ScanCells = (bytes: Buffer, layout: CsvLayout) => Scan | null | Promise<Scan | null>;

interface Work extends Scan, NumberPlace {
  bounds: Int32Array;
}

/** Scans whole lines; null where a quote, a lone carriage return or a line of another number of cells asks for a real parser. */
export function scanCells(bytes: Buffer, layout: CsvLayout): Scan | null {
  const work = scanLines(bytes, layout);
  if (work === null) return null;
  const { rows, lines, numbers, bounds, asWritten, isNumeric } = work;
  return {
    ...{ rows, lines, asWritten, isNumeric },
    numbers: numbers.subarray(0, rows * layout.columns),
    bounds: isNumeric.includes(0) ? bounds : null,
  };
}

/** Start and end of each cell of lines that were scanned before. */
export function boundsOf(bytes: Buffer, layout: CsvLayout): Int32Array {
  return scanLines(bytes, layout)?.bounds ?? new Int32Array();
}

function scanLines(bytes: Buffer, layout: CsvLayout): Work | null {
  const work = startWork(bytes, layout);
  for (let at = 0; at < bytes.length;) {
    const end = endOfLine(bytes, at);
    const next = end === notPlain ? scanLine(work, layout, at) : end;
    if (next === notPlain) return null;
    at = next;
  }
  return work;
}

function startWork(bytes: Buffer, { columns }: CsvLayout): Work {
  const lines = countLines(bytes);
  // The last one may lack its end.
  const cells = columns * (lines + 1);
  return {
    ...{ bytes, rows: 0, lines, place: 0 },
    numbers: new Float64Array(new SharedArrayBuffer(8 * cells)),
    bounds: new Int32Array(2 * cells),
    asWritten: new Uint8Array(columns).fill(1),
    isNumeric: new Uint8Array(columns).fill(1),
  };
}

/** Where the next line begins. */
function scanLine(work: Work, { cells, columns, columnOf }: CsvLayout, start: number): number {
  const { bytes, rows } = work;
  let at = start;
  for (let cell = 0; cell < cells; cell++) {
    const column = columnOf[cell] as number;
    work.place = rows * columns + column;
    const end = column === -1 ? endOfCell(bytes, at) : scanCell(work, column, at);
    if (cell === cells - 1) at = endOfLine(bytes, end);
    else if (end < bytes.length && bytes[end] === comma) at = end + 1;
    else return notPlain;
  }
  work.rows++;
  return at;
}

/** Where the cell ends. */
function scanCell(work: Work, column: number, start: number): number {
  const { bytes, numbers, bounds, asWritten, place } = work;
  let end = readNumber(work, start);
  if (!endsCell(bytes, end) || Number.isNaN(numbers[place])) {
    end = endOfCell(bytes, end);
    const number = decimalNumber(bytes, start, end);
    if (Number.isNaN(number)) work.isNumeric[column] = 0;
    numbers[place] = number;
    asWritten[column] = 0;
  } else if (asWritten[column] === 1 && !isAsWritten(bytes, start, end)) asWritten[column] = 0;
  bounds[2 * place] = start;
  bounds[2 * place + 1] = end;
  return end;
}

/** Where the next line begins if this one ends at `at`. */
function endOfLine(bytes: Buffer, at: number): number {
  if (at >= bytes.length) return at;
  if (bytes[at] === newline) return at + 1;
  return bytes[at] === carriageReturn && at + 1 < bytes.length && bytes[at + 1] === newline
    ? at + 2
    : notPlain;
}

function endOfCell(bytes: Buffer, start: number): number {
  let at = start;
  while (!endsCell(bytes, at)) at++;
  return at;
}

/** Whether a cell that is no more than its text cannot go on. */
function endsCell(bytes: Buffer, at: number): boolean {
  if (at >= bytes.length) return true;
  const byte = bytes[at] as number;
  return byte <= comma && (byte === comma || byte === newline || byte === carriageReturn || byte === quote);
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) lines++;
  return lines;
}
