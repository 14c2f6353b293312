// Losses of two rows side by side, each of an expected value y and a predicted one p. A loss of 0 and 0 is 0.

/** (y - p)^2 */
export class SquaredError {
  @inline of(y: v128, p: v128, _option: f64): v128 {
    const error = f64x2.sub(y, p);
    return f64x2.mul(error, error);
  }
}

/** |y - p| */
export class AbsoluteError {
  @inline of(y: v128, p: v128, _option: f64): v128 {
    return f64x2.abs(f64x2.sub(y, p));
  }
}

/** |y - p| / max(|y|, 2^-52) */
export class PercentageError {
  @inline of(y: v128, p: v128, _option: f64): v128 {
    return f64x2.div(f64x2.abs(f64x2.sub(y, p)), f64x2.pmax(f64x2.abs(y), f64x2.splat(f64.EPSILON)));
  }
}

/** 2 |y - p| / (|y| + |p|), and 0 where both are 0, without a branch: 0 over the least number there is. */
export class SymmetricError {
  @inline of(y: v128, p: v128, _option: f64): v128 {
    const size = f64x2.add(f64x2.abs(y), f64x2.abs(p));
    const share = f64x2.div(f64x2.abs(f64x2.sub(y, p)), f64x2.pmax(size, f64x2.splat(f64.MIN_VALUE)));
    return f64x2.add(share, share);
  }
}

/** a (y - p) where y >= p, else (1 - a) (p - y); as (a - 1/2) (y - p) + |y - p| / 2. The option is a - 1/2. */
export class PinballError {
  @inline of(y: v128, p: v128, slope: f64): v128 {
    const error = f64x2.sub(y, p);
    return f64x2.add(f64x2.mul(f64x2.splat(slope), error), f64x2.mul(f64x2.splat(0.5), f64x2.abs(error)));
  }
}
