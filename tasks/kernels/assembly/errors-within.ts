/**
 * Leaves the errors |y - p| from `low` to `high`, and those that are NaN, at `kept`: of `count` rows of two columns of float64, from the
 * addresses of their first, fewer than 2^15. Gives how many are kept, and 2^16 times how many are below.
 */
export function errorsWithin(y: usize, p: usize, count: i32, low: f64, high: f64, kept: usize): i32 {
  const start = kept;
  let below = i64x2.splat(0);
  for (const end = y + ((<usize>(count >> 2)) << 5); y < end; y += 32, p += 32) {
    const first = f64x2.abs(f64x2.sub(v128.load(y), v128.load(p)));
    const second = f64x2.abs(f64x2.sub(v128.load(y, 16), v128.load(p, 16)));
    const firstBelow = f64x2.lt(first, f64x2.splat(low));
    const secondBelow = f64x2.lt(second, f64x2.splat(low));
    below = i64x2.sub(i64x2.sub(below, firstBelow), secondBelow);
    const firstOutside = v128.or(firstBelow, f64x2.gt(first, f64x2.splat(high)));
    const secondOutside = v128.or(secondBelow, f64x2.gt(second, f64x2.splat(high)));
    if (i64x2.all_true(v128.and(firstOutside, secondOutside))) continue;
    kept = keep(kept, f64x2.extract_lane(first, 0), i64x2.extract_lane(firstOutside, 0));
    kept = keep(kept, f64x2.extract_lane(first, 1), i64x2.extract_lane(firstOutside, 1));
    kept = keep(kept, f64x2.extract_lane(second, 0), i64x2.extract_lane(secondOutside, 0));
    kept = keep(kept, f64x2.extract_lane(second, 1), i64x2.extract_lane(secondOutside, 1));
  }
  let lower = <i32>(i64x2.extract_lane(below, 0) + i64x2.extract_lane(below, 1));
  for (const end = y + ((<usize>(count & 3)) << 3); y < end; y += 8, p += 8) {
    const error = abs(load<f64>(y) - load<f64>(p));
    lower += i32(error < low);
    kept = keep(kept, error, -i64(error < low || error > high));
  }
  return (lower << 16) | (<i32>((kept - start) >> 3));
}

/** Puts a number there; the next one after it, or in its place where it is to be left out. */
function keep(place: usize, value: f64, isOut: i64): usize {
  store<f64>(place, value);
  return place + (8 & ~usize(isOut));
}
