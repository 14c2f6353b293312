const digitBits = 11;
const digitValues = 1 << digitBits;
const digits = 3;

/**
 * Indices of finite scores from the highest to the lowest, equal ones in their own order. A radix sort on the upper half of
 * each number, then on the few whose upper halves are alike; 24 bytes a score.
 */
export function descendingOrder(scores: Float64Array): Uint32Array {
  if (scores.length < digitValues) return comparedOrder(scores);
  let from: Keyed = keyed(scores);
  let to: Keyed = { keys: new Uint32Array(scores.length), order: new Uint32Array(scores.length) };
  for (let digit = 0; digit < digits; digit++)
    if (sortByDigit(from, to, digit * digitBits)) [from, to] = [to, from];
  sortEqualKeys(from, scores);
  return from.order;
}

/** Few scores are not worth the counters. */
function comparedOrder(scores: Float64Array): Uint32Array {
  const order = new Uint32Array(scores.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((a, b) => scores[b]! - scores[a]! || a - b);
}

/** Indices with the key of each beside it. */
interface Keyed {
  keys: Uint32Array;
  order: Uint32Array;
}

/** The upper half of each score, turned so that unsigned order is descending order; -0 is 0. */
function keyed(scores: Float64Array): Keyed {
  const keys = new Uint32Array(scores.length);
  const order = new Uint32Array(scores.length);
  const number = new Float64Array(1);
  const halves = new Uint32Array(number.buffer);
  for (let i = 0; i < scores.length; i++) {
    number[0] = scores[i]! + 0;
    const upper = halves[1]!;
    keys[i] = upper >>> 31 === 1 ? upper : ~upper & 0x7fffffff;
    order[i] = i;
  }
  return { keys, order };
}

/** One stable counting pass; false, and nothing moved, where all digits are alike. */
function sortByDigit(from: Keyed, to: Keyed, shift: number): boolean {
  const starts = digitStarts(from.keys, shift);
  if (starts === null) return false;
  for (let i = 0; i < from.keys.length; i++) {
    const key = from.keys[i]!;
    const place = starts[(key >>> shift) & (digitValues - 1)]!++;
    to.keys[place] = key;
    to.order[place] = from.order[i]!;
  }
  return true;
}

function digitStarts(keys: Uint32Array, shift: number): Uint32Array | null {
  const starts = new Uint32Array(digitValues);
  for (let i = 0; i < keys.length; i++) starts[(keys[i]! >>> shift) & (digitValues - 1)]!++;
  if (starts.includes(keys.length)) return null;
  let start = 0;
  for (let value = 0; value < digitValues; value++) {
    const count = starts[value]!;
    starts[value] = start;
    start += count;
  }
  return starts;
}

/** Equal upper halves leave the lower ones to compare. */
function sortEqualKeys({ keys, order }: Keyed, scores: Float64Array): void {
  for (let start = 0, end = 1; end <= keys.length; end++) {
    if (end < keys.length && keys[end] === keys[start]) continue;
    if (end - start > 1) sortRun(order.subarray(start, end), scores);
    start = end;
  }
}

/** Up to this many indices are put in place one by one. */
const shortRun = 16;

function sortRun(order: Uint32Array, scores: Float64Array): void {
  if (isDescending(order, scores)) return;
  if (order.length > shortRun) {
    order.sort((a, b) => scores[b]! - scores[a]! || a - b);
    return;
  }
  for (let i = 1; i < order.length; i++) {
    const index = order[i]!;
    let place = i;
    for (; place > 0 && scores[order[place - 1]!]! < scores[index]!; place--)
      order[place] = order[place - 1]!;
    order[place] = index;
  }
}

function isDescending(order: Uint32Array, scores: Float64Array): boolean {
  for (let i = 1; i < order.length; i++) if (scores[order[i - 1]!]! < scores[order[i]!]!) return false;
  return true;
}
