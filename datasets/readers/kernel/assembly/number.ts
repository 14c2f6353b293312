import { endsCell, isDigit, lowerE, minus, plus, point, upperE, zero } from './bytes';

/** What `Number` of JavaScript reads in bytes [start, end): imported. */
declare function numberIn(start: usize, end: usize): f64;

const mostDigits: i32 = 15;
const powersOfTen: StaticArray<f64> = [
  1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/** Of the cell that was read last: its end, its number or NaN, and whether digits alone spell it, without a zero in front. */
export let cellEnd: usize = 0;
export let cellNumber: f64 = 0;
export let isAsWritten: bool = false;

/**
 * Reads a cell as `Number` does where it is in decimal notation. Up to 15 digits and the power of ten are both exact, so that
 * their quotient is rounded once, which is right (Clinger, How to Read Floating Point Numbers Accurately, PLDI 1990).
 */
export function readCell(start: usize, end: usize): void {
  const first = start < end && load<u8>(start) === minus ? start + 1 : start;
  let at = first;
  let digits: i64 = 0;
  let pointAt: usize = 0;
  for (; at < end; at++) {
    const byte: u32 = load<u8>(at);
    if (isDigit(byte)) digits = digits * 10 + <i64>(byte - zero);
    else if (byte === point && pointAt === 0) pointAt = at;
    else break;
  }
  const count = <i32>(at - first) - <i32>(pointAt !== 0);
  if (count === 0 || count > mostDigits || !endsCell(at, end)) return readOther(start, at, end);
  const value = pointAt === 0 ? <f64>digits : <f64>digits / unchecked(powersOfTen[<i32>(at - pointAt) - 1]);
  cellEnd = at;
  cellNumber = first === start ? value : -value;
  isAsWritten = first === start && pointAt === 0 && (count === 1 || load<u8>(start) !== zero);
}

/** A cell with an exponent, a sign in front, more digits, or another text. */
function readOther(start: usize, from: usize, end: usize): void {
  let at = from;
  while (!endsCell(at, end)) at++;
  cellEnd = at;
  cellNumber = isOfDecimals(start, at) ? finite(numberIn(start, at)) : NaN;
  isAsWritten = false;
}

export function endOfCell(start: usize, end: usize): usize {
  let at = start;
  while (!endsCell(at, end)) at++;
  return at;
}

function finite(value: f64): f64 {
  return isFinite(value) ? value : NaN;
}

/** `Number` also reads hexadecimals, octals, binaries and nothing. */
function isOfDecimals(start: usize, end: usize): bool {
  for (let at = start; at < end; at++) {
    const byte: u32 = load<u8>(at);
    if (isDigit(byte) || byte === point || byte === minus || byte === plus) continue;
    if (byte !== lowerE && byte !== upperE) return false;
  }
  return start < end;
}
