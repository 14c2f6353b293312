const [minus, point, zero, nine] = [0x2d, 0x2e, 0x30, 0x39];
const mostDigits = 15;
const powersOfTen = Float64Array.from({ length: mostDigits + 1 }, (_, exponent) => 10 ** exponent);

/**
 * The number that bytes [start, end) spell in digits with at most a sign and a point, as `Number` reads it; NaN for all else, and
 * for more than 15 digits. The digits and the power of ten are then both exact, so their quotient is rounded once, which is
 * right (Clinger, How to Read Floating Point Numbers Accurately, PLDI 1990).
 */
export function plainNumber(bytes: Uint8Array, start: number, end: number): number {
  const isNegative = bytes[start] === minus;
  const first = isNegative ? start + 1 : start;
  if (end - first > mostDigits + 1) return NaN;
  let digits = 0;
  let pointAt = -1;
  for (let at = first; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte >= zero && byte <= nine) digits = digits * 10 + (byte - zero);
    else if (byte === point && pointAt === -1) pointAt = at;
    else return NaN;
  }
  const count = end - first - (pointAt === -1 ? 0 : 1);
  if (count === 0 || count > mostDigits) return NaN;
  const value = pointAt === -1 ? digits : digits / (powersOfTen[end - pointAt - 1] as number);
  return isNegative ? -value : value;
}
