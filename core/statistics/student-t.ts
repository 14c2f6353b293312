import { incompleteBeta } from './incomplete-beta.ts';
import { logGamma } from './log-gamma.ts';
import { normalQuantile } from './normal.ts';

/** P(T <= t) with `freedom` > 0 degrees of freedom. Oracle: SciPy 1.17 `t.cdf`. */
export function studentTCdf(t: number, freedom: number): number {
  return t > 0 ? 1 - upperTail(t, freedom) : upperTail(-t, freedom);
}

/** Both ends of an interval ask for the same, and so do all intervals on a dataset; of many degrees of freedom it takes milliseconds. */
let last = { tail: NaN, freedom: NaN, distance: NaN };

/** The t with P(T <= t) = p, p in (0, 1). Oracle: SciPy 1.17 `t.ppf`. */
export function studentTQuantile(p: number, freedom: number): number {
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  if (tail !== last.tail || freedom !== last.freedom)
    last = { tail, freedom, distance: upperTailQuantile(tail, freedom) };
  return p < 0.5 ? -last.distance : last.distance;
}

/** P(T > t) for t >= 0. */
function upperTail(t: number, freedom: number): number {
  const total = freedom + t * t;
  return incompleteBeta({ x: freedom / total, y: (t * t) / total, a: freedom / 2, b: 0.5 }) / 2;
}

/**
 * Newton's method from the normal quantile. The tail is convex and the normal quantile never too large, so each step
 * goes up until rounding stops it.
 */
function upperTailQuantile(tail: number, freedom: number): number {
  let t = -normalQuantile(tail);
  for (;;) {
    const next = t + (upperTail(t, freedom) - tail) / density(t, freedom);
    if (!(next > t * (1 + 1e-15))) return t;
    t = next;
  }
}

function density(t: number, freedom: number): number {
  const logScale = logGamma((freedom + 1) / 2) - logGamma(freedom / 2) - 0.5 * Math.log(freedom * Math.PI);
  return Math.exp(logScale - ((freedom + 1) / 2) * Math.log1p((t * t) / freedom));
}
