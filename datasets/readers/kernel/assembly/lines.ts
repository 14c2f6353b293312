import { carriageReturn, comma, newline } from './bytes';
import { cellEnd, cellNumber, endOfCell, isAsWritten, readCell } from './number';

/** A line that asks for a real parser. */
const notPlain: usize = usize.MAX_VALUE;

/** Ends of lines that were passed, those of empty ones, too. */
export let lineEnds: i32 = 0;

/**
 * Scans whole lines in bytes [start, end). `columnOf` has by cell of a line the column it is read as, or -1. Filled in are, row-major
 * [rows, columns], the number of each cell, NaN where it is none, and its start and end, from `start`; and by column the largest
 * magnitude, whether all are numbers, and whether all are as `String` writes them. Gives the rows; -1 where a quote, a lone carriage
 * return or a line of another number of cells asks for a real parser.
 */
export function scanLines(
  start: usize,
  end: usize,
  cells: i32,
  columnOf: usize,
  columns: i32,
  numbers: usize,
  bounds: usize,
  largest: usize,
  isNumeric: usize,
  isWritten: usize,
): i32 {
  let rows = 0;
  lineEnds = 0;
  for (let at = start; at < end;) {
    const next = endOfLine(at, end);
    if (next !== notPlain) {
      at = next;
      continue;
    }
    for (let cell = 0; cell < cells; cell++) {
      const column = load<i32>(columnOf + ((<usize>cell) << 2));
      if (column === -1) at = endOfCell(at, end);
      else {
        readCell(at, end);
        const place = <usize>(rows * columns + column);
        store<f64>(numbers + (place << 3), cellNumber);
        store<i32>(bounds + (place << 3), <i32>(at - start));
        store<i32>(bounds + (place << 3), <i32>(cellEnd - start), 4);
        if (!isAsWritten) store<u8>(isWritten + column, 0);
        const magnitude = abs(cellNumber);
        const most = largest + ((<usize>column) << 3);
        if (magnitude > load<f64>(most)) store<f64>(most, magnitude);
        else if (isNaN(magnitude)) store<u8>(isNumeric + column, 0);
        at = cellEnd;
      }
      if (cell === cells - 1) at = endOfLine(at, end);
      else if (at < end && load<u8>(at) === comma) at++;
      else return -1;
      if (at === notPlain) return -1;
    }
    rows++;
  }
  return rows;
}

/** Where the next line begins if this one ends at `at`. */
function endOfLine(at: usize, end: usize): usize {
  if (at >= end) return at;
  const byte: u32 = load<u8>(at);
  if (byte === newline) {
    lineEnds++;
    return at + 1;
  }
  if (byte !== carriageReturn || at + 1 >= end || load<u8>(at + 1) !== newline) return notPlain;
  lineEnds++;
  return at + 2;
}
