const digitBits = 11;
const digitValues = 1 << digitBits;
const digits = 3;

/**
 * The numbers in ascending order, none of them NaN; equal ones, 0 and -0 too, in any order. By the upper half of each, least digits
 * first (Knuth 5.2.5), then the few whose upper halves are alike. The input is working memory, and as much is taken again.
 */
export function radixSort(values: Float64Array): Float64Array {
  if (values.length < digitValues) return values.sort();
  let from = values;
  let to: Float64Array = new Float64Array(values.length);
  const counts = digitCounts(from);
  for (let digit = 0; digit < digits; digit++) {
    const starts = startsOf(counts.subarray(digit * digitValues, (digit + 1) * digitValues), values.length);
    if (starts === null) continue;
    moveByDigit({ from, to, starts }, digit * digitBits);
    const sorted = to;
    to = from;
    from = sorted;
  }
  const ascending = withNegativesFirst(from, to);
  sortNeighbours(ascending);
  return ascending;
}

/** How often each value of each digit of the upper halves occurs. */
function digitCounts(values: Float64Array): Uint32Array {
  const halves = halvesOf(values);
  const counts = new Uint32Array(digits * digitValues);
  for (let i = 1; i < halves.length; i += 2) {
    const half = halves[i]!;
    counts[half & (digitValues - 1)]!++;
    counts[digitValues + ((half >>> digitBits) & (digitValues - 1))]!++;
    counts[2 * digitValues + (half >>> (2 * digitBits))]!++;
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

function moveByDigit({ from, to, starts }: Move, shift: number): void {
  const halves = halvesOf(from);
  for (let i = 0; i < from.length; i++)
    to[starts[(halves[2 * i + 1]! >>> shift) & (digitValues - 1)]!++] = from[i]!;
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

/** Up to this many places a number is moved by itself. */
const nearby = 16;

/** Puts numbers in order of which only those with the same upper half are not. */
function sortNeighbours(values: Float64Array): void {
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!;
    if (values[i - 1]! <= value) continue;
    let place = i;
    do {
      values[place] = values[place - 1]!;
      place--;
    } while (i - place < nearby && place > 0 && values[place - 1]! > value);
    values[place] = value;
    if (place > 0 && values[place - 1]! > value) i = sortAlike(values, i);
  }
}

/** Sorts all numbers around a place that have its upper half; gives the last of them. */
function sortAlike(values: Float64Array, place: number): number {
  const halves = halvesOf(values);
  const half = halves[2 * place + 1]!;
  let [start, end] = [place, place + 1];
  while (start > 0 && halves[2 * start - 1] === half) start--;
  while (end < values.length && halves[2 * end + 1] === half) end++;
  values.subarray(start, end).sort();
  return end - 1;
}
