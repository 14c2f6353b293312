const number = new Float64Array(1);
const halves = new Int32Array(number.buffer);

/** The upper 32 bits of a number: its sign, 11 bits of exponent and the first 20 behind the point. */
export function upperHalf(value: number): number {
  number[0] = value;
  return halves[1]!;
}
