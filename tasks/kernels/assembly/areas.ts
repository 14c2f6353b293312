// Areas of a binary question, of which positives and negatives are given as keys in ascending order: from the address of the first to
// the end. They walk from the highest on, all of a tie at once.

/** Sum over thresholds of how many positives are found there, times the precision. */
export function precisionArea(
  positives: usize,
  positivesEnd: usize,
  negatives: usize,
  negativesEnd: usize,
): f64 {
  let hits = 0.0;
  let alarms = 0.0;
  let area = 0.0;
  while (positivesEnd > positives) {
    const key = load<u64>(positivesEnd - 8);
    const found = tiesBefore(positives, positivesEnd, key);
    const raised = reached(negatives, negativesEnd, key);
    positivesEnd -= found << 3;
    negativesEnd -= raised << 3;
    hits += <f64>found;
    alarms += <f64>raised;
    area += (<f64>found * hits) / (hits + alarms);
  }
  return area;
}

/** Area under the positives found over the negatives raised, up to so many of these; ties are a straight line. */
export function rocArea(
  positives: usize,
  positivesEnd: usize,
  negatives: usize,
  negativesEnd: usize,
  limit: f64,
): f64 {
  let hits = 0.0;
  let alarms = 0.0;
  let area = 0.0;
  while (positivesEnd > positives) {
    const key = load<u64>(positivesEnd - 8);
    const above = reached(negatives, negativesEnd, key + 1);
    negativesEnd -= above << 3;
    if (alarms + <f64>above >= limit) break;
    area += <f64>above * hits;
    alarms += <f64>above;
    const found = tiesBefore(positives, positivesEnd, key);
    positivesEnd -= found << 3;
    const tied = tiesBefore(negatives, negativesEnd, key);
    negativesEnd -= tied << 3;
    if (alarms + <f64>tied > limit) {
      const cut = (limit - alarms) / <f64>tied;
      return area + (cut * <f64>tied * (2.0 * hits + cut * <f64>found)) / 2.0;
    }
    area += (<f64>tied * (2.0 * hits + <f64>found)) / 2.0;
    hits += <f64>found;
    alarms += <f64>tied;
  }
  return area + (limit - alarms) * hits;
}

/** How many keys before an end are not below one. */
function reached(keys: usize, end: usize, key: u64): usize {
  let place = end;
  while (place > keys && load<u64>(place - 8) >= key) place -= 8;
  return (end - place) >> 3;
}

/** How many keys before an end are one. */
function tiesBefore(keys: usize, end: usize, key: u64): usize {
  let place = end;
  while (place > keys && load<u64>(place - 8) === key) place -= 8;
  return (end - place) >> 3;
}
