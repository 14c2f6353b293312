/**
 * Whether one of `count` rows of `columns` numbers, row after row from the address of the first, holds a number outside 0 to 1 or NaN,
 * or sums to 1 only beyond a tolerance.
 */
export function hasRowAmiss(values: usize, count: i32, columns: i32, tolerance: f64): bool {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  let sound = i64x2.splat(-1);
  for (; count > 0; count--) {
    let sum = zero;
    for (const end = values + ((<usize>(columns >> 1)) << 4); values < end; values += 16) {
      const pair = v128.load(values);
      sound = v128.and(sound, v128.and(f64x2.ge(pair, zero), f64x2.le(pair, one)));
      sum = f64x2.add(sum, pair);
    }
    if (columns & 1) {
      const last = v128.load64_zero(values);
      sound = v128.and(sound, v128.and(f64x2.ge(last, zero), f64x2.le(last, one)));
      sum = f64x2.add(sum, last);
      values += 8;
    }
    const total = f64x2.add(sum, v128.shuffle<f64>(sum, sum, 1, 0));
    sound = v128.and(sound, f64x2.le(f64x2.abs(f64x2.sub(total, one)), f64x2.splat(tolerance)));
  }
  return !i64x2.all_true(sound);
}
