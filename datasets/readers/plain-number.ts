const [minus, plus, point, zero, nine] = [0x2d, 0x2b, 0x2e, 0x30, 0x39];
const [lowerE, upperE] = [0x65, 0x45];
const mostDigits = 15;
const powersOfTen = Float64Array.from({ length: mostDigits + 1 }, (_, exponent) => 10 ** exponent);

/** Where a number is read from, and where it is put: returned, each would be an object on the heap. */
export interface NumberPlace {
  bytes: Buffer;
  numbers: Float64Array;
  place: number;
}

/**
 * Gives the end of the digits from `start` on, with at most a sign and a point, and puts the number they spell in its place, as
 * `Number` reads it; NaN where there are none or more than 15. The digits and the power of ten are then both exact, so their
 * quotient is rounded once, which is right (Clinger, How to Read Floating Point Numbers Accurately, PLDI 1990).
 */
export function readNumber({ bytes, numbers, place }: NumberPlace, start: number): number {
  const { length } = bytes;
  const first = start < length && bytes[start] === minus ? start + 1 : start;
  let at = first;
  let digits = 0;
  let pointAt = -1;
  for (; at < length; at++) {
    const byte = bytes[at] as number;
    if (byte >= zero && byte <= nine) digits = digits * 10 + (byte - zero);
    else if (byte === point && pointAt === -1) pointAt = at;
    else break;
  }
  const count = at - first - (pointAt === -1 ? 0 : 1);
  if (count === 0 || count > mostDigits) numbers[place] = NaN;
  else {
    const value = pointAt === -1 ? digits : digits / (powersOfTen[at - pointAt - 1] as number);
    numbers[place] = first === start ? value : -value;
  }
  return at;
}

/** Whether `String` writes the number in bytes [start, end) as they do: digits alone, without a zero in front. */
export function isAsWritten(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 1 && bytes[start] === zero) return false;
  for (let at = start; at < end; at++) if ((bytes[at] as number) < zero) return false;
  return true;
}

/** The finite number that bytes [start, end) spell in decimal notation, with an exponent or more digits, too; else NaN. */
export function decimalNumber(bytes: Buffer, start: number, end: number): number {
  if (start === end) return NaN;
  for (let at = start; at < end; at++) if (!isOfDecimal(bytes[at] as number)) return NaN;
  const value = Number(bytes.toString('latin1', start, end));
  return Number.isFinite(value) ? value : NaN;
}

function isOfDecimal(byte: number): boolean {
  if (byte >= zero && byte <= nine) return true;
  return byte === point || byte === minus || byte === plus || byte === lowerE || byte === upperE;
}
