const digitBits = 11;
const digitValues = 1 << digitBits;
const digitsAWord = 3;

/** Indices of scores from the highest to the lowest, equal ones in their own order (radix sort; 20 bytes a score). */
export function descendingOrder(scores: Float64Array): Uint32Array {
  const keys = descendingKeys(scores);
  let order = Uint32Array.from(scores.keys());
  let other = new Uint32Array(scores.length);
  for (const word of [keys.low, keys.high])
    for (let digit = 0; digit < digitsAWord; digit++)
      if (sortByDigit({ word, shift: digit * digitBits, from: order, to: other }))
        [order, other] = [other, order];
  return order;
}

interface Keys {
  low: Uint32Array;
  high: Uint32Array;
}

/** Two words a score whose unsigned order is the descending order of the scores; -0 equals 0. */
function descendingKeys(scores: Float64Array): Keys {
  const bits = new Uint32Array(scores.map((score) => score + 0).buffer);
  const keys = { low: new Uint32Array(scores.length), high: new Uint32Array(scores.length) };
  for (let i = 0; i < scores.length; i++) {
    const high = bits[2 * i + 1]!;
    const isNegative = high >>> 31 === 1;
    keys.low[i] = isNegative ? bits[2 * i]! : ~bits[2 * i]!;
    keys.high[i] = isNegative ? high : ~high & 0x7fffffff;
  }
  return keys;
}

interface Pass {
  word: Uint32Array;
  shift: number;
  from: Uint32Array;
  to: Uint32Array;
}

/** One stable counting pass; false, and nothing moved, where all digits are alike. */
function sortByDigit({ word, shift, from, to }: Pass): boolean {
  const starts = new Uint32Array(digitValues);
  for (const key of word) starts[(key >>> shift) & (digitValues - 1)]!++;
  if (starts.includes(word.length)) return false;
  let start = 0;
  for (let value = 0; value < digitValues; value++) {
    const count = starts[value]!;
    starts[value] = start;
    start += count;
  }
  for (const index of from) to[starts[(word[index]! >>> shift) & (digitValues - 1)]!++] = index;
  return true;
}
