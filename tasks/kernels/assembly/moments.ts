/**
 * Sums over `count` rows of two columns of float64, from the addresses of their first: of the distances of errors y - p to a shift, of
 * the squares of these, of the distances of values y to another shift, and of the squares of these. The four are left at `sums`.
 */
export function moments(y: usize, p: usize, count: i32, errorShift: f64, valueShift: f64, sums: usize): void {
  const pairs = count >> 1;
  let errors = f64x2.splat(0);
  let errorSquares = f64x2.splat(0);
  let values = f64x2.splat(0);
  let valueSquares = f64x2.splat(0);
  for (const end = y + ((<usize>pairs) << 4); y < end; y += 16, p += 16) {
    const value = v128.load(y);
    const fromError = f64x2.sub(f64x2.sub(value, v128.load(p)), f64x2.splat(errorShift));
    const fromValue = f64x2.sub(value, f64x2.splat(valueShift));
    errors = f64x2.add(errors, fromError);
    errorSquares = f64x2.add(errorSquares, f64x2.mul(fromError, fromError));
    values = f64x2.add(values, fromValue);
    valueSquares = f64x2.add(valueSquares, f64x2.mul(fromValue, fromValue));
  }
  if (count & 1) {
    const fromError = load<f64>(y) - load<f64>(p) - errorShift;
    const fromValue = load<f64>(y) - valueShift;
    errors = f64x2.add(errors, f64x2(fromError, 0));
    errorSquares = f64x2.add(errorSquares, f64x2(fromError * fromError, 0));
    values = f64x2.add(values, f64x2(fromValue, 0));
    valueSquares = f64x2.add(valueSquares, f64x2(fromValue * fromValue, 0));
  }
  store<f64>(sums, both(errors));
  store<f64>(sums, both(errorSquares), 8);
  store<f64>(sums, both(values), 16);
  store<f64>(sums, both(valueSquares), 24);
}

function both(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
