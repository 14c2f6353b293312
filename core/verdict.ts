/** Which way a metric improves. */
export type Direction = 'higher-is-better' | 'lower-is-better';

/** The outcome of judging a variant against its baseline. */
export type VerdictName = 'improved' | 'pass' | 'regressed' | 'inconclusive';

/** An estimate with its confidence interval; `level` is e.g. 0.95. */
export interface Interval {
  low: number;
  high: number;
  level: number;
  /** How it was made, e.g. `wilson`, `bootstrap-percentile (B=2000, seed=1)`. */
  method: string;
}
