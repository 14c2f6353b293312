const DIGIT_BITS: u32 = 11;
const DIGIT_VALUES: u32 = 1 << DIGIT_BITS;
const DIGITS: u32 = 3;
/** Bytes of the counters of a digit. */
const DIGIT_BYTES: u32 = DIGIT_VALUES << 2;

/** Up to this many keys are sorted by comparing: fewer than are worth the counters. */
const FEW: u32 = 256;

/**
 * Sorts `count` numbers of float64 at `numbers` in ascending order, none of them NaN, with as much working memory at `spare` and
 * 24 kB at `counters`. Gives which of the two holds them then, as keys: bits in the order of the numbers, without a sign.
 */
export function sortNumbers(numbers: usize, spare: usize, count: u32, counters: usize): usize {
  makeKeys(numbers, count);
  if (count <= FEW) {
    sortFew(numbers, numbers + ((<usize>count) << 3));
    return numbers;
  }
  const sorted = sortByHalf(numbers, spare, count, 32, counters);
  sortAlike(sorted, sorted === numbers ? spare : numbers, count, counters);
  return sorted;
}

/** -0 is 0; negative numbers are turned round. */
function makeKeys(numbers: usize, count: u32): void {
  for (const end = numbers + ((<usize>count) << 3); numbers < end; numbers += 8) {
    const bits = reinterpret<i64>(load<f64>(numbers) + 0.0);
    store<i64>(numbers, bits ^ ((bits >> 63) | i64.MIN_VALUE));
  }
}

/**
 * Sorts by the 32 bits from `bit` on, three digits, the least first (Knuth 5.2.5); one that all keys share takes no pass. Gives where
 * they are then.
 */
function sortByHalf(keys: usize, spare: usize, count: u32, bit: u64, counters: usize): usize {
  countDigits(keys, count, bit, counters);
  const first = load<u64>(keys) >> bit;
  for (let digit: u32 = 0; digit < DIGITS; digit++) {
    const places = counters + digit * DIGIT_BYTES;
    const shift = digit * DIGIT_BITS;
    if (load<u32>(places + digitAt(first, shift)) === count) continue;
    makePlaces(places, spare);
    moveByDigit(keys, count, bit, shift, places);
    const moved = spare;
    spare = keys;
    keys = moved;
  }
  return keys;
}

/** Where the counter of a digit is behind the first; the last digit has 10 bits. */
function digitAt(half: u64, shift: u32): usize {
  return (((<u32>half) >>> shift) & (DIGIT_VALUES - 1)) << 2;
}

function countDigits(keys: usize, count: u32, bit: u64, counters: usize): void {
  memory.fill(counters, 0, DIGITS * DIGIT_BYTES);
  for (const end = keys + ((<usize>count) << 3); keys < end; keys += 8) {
    const half = load<u64>(keys) >> bit;
    const low = counters + digitAt(half, 0);
    const middle = counters + digitAt(half, DIGIT_BITS);
    const high = counters + digitAt(half, 2 * DIGIT_BITS);
    store<u32>(low, load<u32>(low) + 1);
    store<u32>(middle, load<u32>(middle, DIGIT_BYTES) + 1, DIGIT_BYTES);
    store<u32>(high, load<u32>(high, 2 * DIGIT_BYTES) + 1, 2 * DIGIT_BYTES);
  }
}

/** In place of how many keys have a digit, where the first of them goes. */
function makePlaces(counters: usize, place: usize): void {
  for (const end = counters + DIGIT_BYTES; counters < end; counters += 4) {
    const count = load<u32>(counters);
    store<u32>(counters, <u32>place);
    place += count << 3;
  }
}

function moveByDigit(keys: usize, count: u32, bit: u64, shift: u32, places: usize): void {
  for (const end = keys + ((<usize>count) << 3); keys < end; keys += 8) {
    const key = load<u64>(keys);
    const at = places + digitAt(key >> bit, shift);
    const place = load<u32>(at);
    store<u32>(at, place + 8);
    store<u64>(place, key);
  }
}

/** Sorts keys that are in order but for their lower halves. */
function sortAlike(keys: usize, spare: usize, count: u32, counters: usize): void {
  const end = keys + ((<usize>count) << 3);
  let before = load<u64>(keys);
  for (let place = keys + 8; place < end; place += 8) {
    const key = load<u64>(place);
    if (key < before) {
      const start = startOfAlike(keys, place, key >> 32);
      place = endOfAlike(place, end, key >> 32);
      sortLowerHalves(start, spare + (start - keys), <u32>((place - start) >> 3), counters);
      place -= 8;
    }
    before = load<u64>(place);
  }
}

function startOfAlike(keys: usize, place: usize, half: u64): usize {
  while (place > keys && load<u64>(place - 8) >> 32 === half) place -= 8;
  return place;
}

function endOfAlike(place: usize, end: usize, half: u64): usize {
  while (place < end && load<u64>(place) >> 32 === half) place += 8;
  return place;
}

function sortLowerHalves(keys: usize, spare: usize, count: u32, counters: usize): void {
  const bytes = (<usize>count) << 3;
  if (count <= FEW) sortFew(keys, keys + bytes);
  else if (sortByHalf(keys, spare, count, 0, counters) === spare) memory.copy(keys, spare, bytes);
}

/** Distances, in bytes, of keys that are put in order (Shell 1959, Ciura 2001). */
const GAPS = memory.data<u32>([57 << 3, 23 << 3, 10 << 3, 4 << 3, 1 << 3, 0]);

function sortFew(keys: usize, end: usize): void {
  for (let at = GAPS; load<u32>(at) !== 0; at += 4) sortByGap(keys, end, load<u32>(at));
}

function sortByGap(keys: usize, end: usize, gap: usize): void {
  const first = keys + gap;
  for (let from = first; from < end; from += 8) {
    const key = load<u64>(from);
    let place = from;
    for (; place >= first; place -= gap) {
      const other = load<u64>(place - gap);
      if (other <= key) break;
      store<u64>(place, other);
    }
    store<u64>(place, key);
  }
}
