/** Adds up. */
export class Sum {
  @inline of(a: v128, b: v128): v128 {
    return f64x2.add(a, b);
  }
}

/** Takes the larger, and NaN where either is NaN. */
export class Largest {
  @inline of(a: v128, b: v128): v128 {
    return f64x2.max(a, b);
  }
}

/**
 * Puts together the losses of `count` rows of two columns of float64, from the addresses of their first. Two pairs of each half
 * side by side, as an addition waits for the one before it, and as no processor fetches memory ahead beyond the end of a page: the
 * first lines of two pages are waited for at once. Then the rows that are left, at most 7.
 */
export function foldRows<Loss, Join>(y: usize, p: usize, count: i32, option: f64): f64 {
  const loss = changetype<Loss>(0);
  const join = changetype<Join>(0);
  const half = (<usize>(count >> 3)) << 5;
  let first = f64x2.splat(0);
  let second = f64x2.splat(0);
  let third = f64x2.splat(0);
  let fourth = f64x2.splat(0);
  for (const end = y + half; y < end; y += 32, p += 32) {
    first = join.of(first, loss.of(v128.load(y), v128.load(p), option));
    second = join.of(second, loss.of(v128.load(y, 16), v128.load(p, 16), option));
    third = join.of(third, loss.of(v128.load(y + half), v128.load(p + half), option));
    fourth = join.of(fourth, loss.of(v128.load(y + half, 16), v128.load(p + half, 16), option));
  }
  y += half;
  p += half;
  for (const end = y + ((<usize>(count & 6)) << 3); y < end; y += 16, p += 16)
    first = join.of(first, loss.of(v128.load(y), v128.load(p), option));
  if (count & 1) second = join.of(second, loss.of(v128.load64_zero(y), v128.load64_zero(p), option));
  const all = join.of(join.of(first, second), join.of(third, fourth));
  return f64x2.extract_lane(join.of(all, v128.shuffle<f64>(all, all, 1, 0)), 0);
}
