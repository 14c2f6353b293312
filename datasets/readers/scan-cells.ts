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

/** The cells of whole lines that are read, row by row. */
export interface Scan extends NumberPlace {
  rows: number;
  /** NaN where a cell is no number in decimal notation. */
  numbers: Float64Array;
  /** Start and end of each cell in the bytes. */
  bounds: Int32Array;
  /** By column, 1 where `String` writes the number of every cell as the bytes do. */
  asWritten: Uint8Array;
  /** By column, 1 where every cell is a number. */
  isNumeric: Uint8Array;
}

/** Scans whole lines; null where a quote, a lone carriage return or a line of another number of cells asks for a real parser. */
export function scanCells(bytes: Buffer, layout: CsvLayout): Scan | null {
  const scan = startScan(bytes, layout);
  for (let at = 0; at < bytes.length;) {
    const end = endOfLine(bytes, at);
    const next = end === notPlain ? scanLine(scan, layout, at) : end;
    if (next === notPlain) return null;
    at = next;
  }
  return { ...scan, numbers: scan.numbers.subarray(0, scan.rows * layout.columns) };
}

function startScan(bytes: Buffer, { columns }: CsvLayout): Scan {
  const cells = columns * countLines(bytes);
  return {
    ...{ bytes, rows: 0, place: 0 },
    numbers: new Float64Array(cells),
    bounds: new Int32Array(2 * cells),
    asWritten: new Uint8Array(columns).fill(1),
    isNumeric: new Uint8Array(columns).fill(1),
  };
}

/** Where the next line begins. */
function scanLine(scan: Scan, { cells, columns, columnOf }: CsvLayout, start: number): number {
  const { bytes, rows } = scan;
  let at = start;
  for (let cell = 0; cell < cells; cell++) {
    const column = columnOf[cell] as number;
    scan.place = rows * columns + column;
    const end = column === -1 ? endOfCell(bytes, at) : scanCell(scan, column, at);
    if (cell === cells - 1) at = endOfLine(bytes, end);
    else if (end < bytes.length && bytes[end] === comma) at = end + 1;
    else return notPlain;
  }
  scan.rows++;
  return at;
}

/** Where the cell ends. */
function scanCell(scan: Scan, column: number, start: number): number {
  const { bytes, numbers, bounds, asWritten, place } = scan;
  let end = readNumber(scan, start);
  if (!endsCell(bytes, end) || Number.isNaN(numbers[place])) {
    end = endOfCell(bytes, end);
    const number = decimalNumber(bytes, start, end);
    if (Number.isNaN(number)) scan.isNumeric[column] = 0;
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
  let lines = 1;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) lines++;
  return lines;
}
