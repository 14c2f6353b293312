const digitBits = 11;
const digitValues = 1 << digitBits;
const digitsAHalf = 3;

/**
 * The numbers in ascending order, none of them NaN; equal ones, 0 and -0 too, in any order. Least digits first (Knuth 5.2.5).
 * The input is working memory, and as much is taken again.
 */
export function radixSort(values: Float64Array): Float64Array {
  if (values.length < digitValues) return values.sort();
  let from = values;
  let to: Float64Array = new Float64Array(values.length);
  const counts = digitCounts(from);
  for (let digit = 0; digit < 2 * digitsAHalf; digit++) {
    const starts = startsOf(counts.subarray(digit * digitValues, (digit + 1) * digitValues), values.length);
    if (starts === null) continue;
    moveByDigit({ from, to, starts }, digit);
    const sorted = to;
    to = from;
    from = sorted;
  }
  return withNegativesFirst(from, to);
}

/** How often each value of each digit occurs: the bits of both 32-bit halves, from the least. */
function digitCounts(values: Float64Array): Uint32Array {
  const halves = halvesOf(values);
  const counts = new Uint32Array(2 * digitsAHalf * digitValues);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!;
    const first = (i & 1) * digitsAHalf * digitValues;
    counts[first + (half & (digitValues - 1))]!++;
    counts[first + digitValues + ((half >>> digitBits) & (digitValues - 1))]!++;
    counts[first + 2 * digitValues + (half >>> (2 * digitBits))]!++;
  }
  return counts;
}

function halvesOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
}

/** Where each value of a digit starts; null where all numbers have the same. */
function startsOf(counts: Uint32Array, length: number): Uint32Array | null {
  if (counts.includes(length)) return null;
  const starts = new Uint32Array(digitValues);
  let start = 0;
  for (let value = 0; value < digitValues; value++) {
    starts[value] = start;
    start += counts[value]!;
  }
  return starts;
}

interface Move {
  from: Float64Array;
  to: Float64Array;
  starts: Uint32Array;
}

function moveByDigit({ from, to, starts }: Move, digit: number): void {
  const halves = halvesOf(from);
  const which = digit < digitsAHalf ? 0 : 1;
  const shift = (digit % digitsAHalf) * digitBits;
  for (let i = 0; i < from.length; i++)
    to[starts[(halves[2 * i + which]! >>> shift) & (digitValues - 1)]!++] = from[i]!;
}

/** As bit patterns, negative numbers come last and backwards. */
function withNegativesFirst(sorted: Float64Array, spare: Float64Array): Float64Array {
  const positives = positivesBefore(sorted);
  if (positives === sorted.length) return sorted;
  spare.set(sorted.subarray(positives).reverse());
  spare.set(sorted.subarray(0, positives), sorted.length - positives);
  return spare;
}

/** How many numbers come before the first with a sign, by halves. */
function positivesBefore(sorted: Float64Array): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < 0 || Object.is(sorted[middle], -0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
