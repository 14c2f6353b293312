// In memory, as V8 makes a vector of a constant by five instructions and loads one by one.

/** Half an octave and the mask of whole ones, as bits of a float64. */
const OCTAVES = memory.data<u64>([1 << 51, -1 << 52]);

/** The series of artanh(x) / x in x^2. */
const SERIES = memory.data<f64>([
  1.0,
  1.0 / 3.0,
  1.0 / 5.0,
  1.0 / 7.0,
  1.0 / 9.0,
  1.0 / 11.0,
  1.0 / 13.0,
  1.0 / 15.0,
  1.0 / 17.0,
]);

/** The logarithm of an octave over what it is in the upper half of a number. */
const OCTAVE = memory.data<f64>([Math.LN2 / 1048576.0]);

/**
 * (ln(1 + y) - ln(1 + p))^2 of two rows side by side, with one division. Of a = 1 + y and b = 1 + p that are k octaves apart,
 * ln(a / b) = k ln 2 + 2 artanh((a - b 2^k) / (a + b 2^k)), whose argument is at most 1/5 from 0. Within an octave a - b is y - p,
 * which loses no digit. For a and b from 2^-53 to 2^1000; of others it says nothing.
 */
export class SquaredLogError {
  @inline of(y: v128, p: v128, _option: f64): v128 {
    const a = f64x2.add(y, this.term(0));
    const b = f64x2.add(p, this.term(0));
    const apart = this.octaves(a, b);
    const near = i64x2.add(b, apart);
    const isSame = i64x2.eq(apart, i64x2.splat(0));
    const distance = v128.bitselect(f64x2.sub(y, p), f64x2.sub(a, near), isSame);
    const rest = this.twiceArtanh(f64x2.div(distance, f64x2.add(a, near)));
    const logarithm = f64x2.add(f64x2.mul(this.upperHalves(apart), v128.load64_splat(OCTAVE)), rest);
    return f64x2.mul(logarithm, logarithm);
  }

  @inline term(place: usize): v128 {
    return v128.load64_splat(SERIES + (place << 3));
  }

  /** How many octaves two numbers are apart, rounded: what to add to the exponent of b. */
  @inline octaves(a: v128, b: v128): v128 {
    const rounded = i64x2.add(i64x2.sub(a, b), v128.load64_splat(OCTAVES));
    return v128.and(rounded, v128.load64_splat(OCTAVES + 8));
  }

  @inline upperHalves(bits: v128): v128 {
    return f64x2.convert_low_i32x4_s(v128.shuffle<i32>(bits, bits, 1, 3, 1, 3));
  }

  /**
   * 2 (x + x^3 / 3 + x^5 / 5 + ...); for x up to 1/5 what comes after these terms is below 2^-46 of it. In parts that do not wait
   * for each other (Estrin 1960).
   */
  @inline twiceArtanh(x: v128): v128 {
    const z = f64x2.mul(x, x);
    const z2 = f64x2.mul(z, z);
    const z4 = f64x2.mul(z2, z2);
    const later = f64x2.add(this.four(4, z, z2), f64x2.mul(z4, this.term(8)));
    const sum = f64x2.add(this.four(0, z, z2), f64x2.mul(z4, later));
    return f64x2.mul(f64x2.add(x, x), sum);
  }

  @inline four(place: usize, z: v128, z2: v128): v128 {
    return f64x2.add(this.two(place, z), f64x2.mul(z2, this.two(place + 2, z)));
  }

  @inline two(place: usize, z: v128): v128 {
    return f64x2.add(this.term(place), f64x2.mul(z, this.term(place + 1)));
  }
}
