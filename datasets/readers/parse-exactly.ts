/** As JSON.parse gives it to a reviver, of a number. */
interface Written {
  source?: string;
}

/** Digits that a number may not hold exactly; those behind a point are no whole number's. */
const manyDigits = /(?<![\d.])\d{16}/;

/** The value of JSON text, in which a whole number that is too large to be held exactly is its text; undefined where it is none. */
export function parseExactly(text: string): unknown {
  try {
    // With a reviver the parser takes several times as long.
    return manyDigits.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function exactly(_: string, value: unknown, { source }: Written = {}): unknown {
  const isRounded = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return isRounded && source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
