/** A range that two numbers side by side may be in. */
class Range {
  @inline holds(pair: v128, low: v128, high: v128): v128 {
    return v128.and(f64x2.ge(pair, low), f64x2.le(pair, high));
  }
}

/** Puts together whether pairs are in a range: whether all are. */
class All {
  @inline of(a: v128, b: v128): v128 {
    return v128.and(a, b);
  }
}

/** Whether some are. */
class Some {
  @inline of(a: v128, b: v128): v128 {
    return v128.or(a, b);
  }
}

/** Of `count` numbers of a column of float64, from the address of the first, whether one is outside [low, high] or NaN. */
export function hasOutside(values: usize, count: i32, low: f64, high: f64): bool {
  return !i64x2.all_true(inRange<All>(values, count, low, high));
}

/** Whether one is within [low, high]. */
export function hasInside(values: usize, count: i32, low: f64, high: f64): bool {
  return v128.any_true(inRange<Some>(values, count, low, high));
}

/** In both halves side by side, as in `foldRows`. */
function inRange<Join>(values: usize, count: i32, low: f64, high: f64): v128 {
  const range = changetype<Range>(0);
  const join = changetype<Join>(0);
  const from = f64x2.splat(low);
  const to = f64x2.splat(high);
  const half = (<usize>(count >> 3)) << 5;
  let found = range.holds(v128.load64_splat(values), from, to);
  for (const end = values + half; values < end; values += 32) {
    const near = join.of(
      range.holds(v128.load(values), from, to),
      range.holds(v128.load(values, 16), from, to),
    );
    const far = join.of(
      range.holds(v128.load(values + half), from, to),
      range.holds(v128.load(values + half, 16), from, to),
    );
    found = join.of(found, join.of(near, far));
  }
  values += half;
  for (const end = values + ((<usize>(count & 7)) << 3); values < end; values += 8)
    found = join.of(found, range.holds(v128.load64_splat(values), from, to));
  return found;
}
