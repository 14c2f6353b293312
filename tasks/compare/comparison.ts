import type { Direction, Interval, VerdictName } from '../../core/verdict.ts';

/** A metric of a variant judged against its baseline on the same samples. */
export interface Comparison {
  metric: string;
  label: string;
  unit: string;
  direction: Direction;
  baseline: number;
  variant: number;
  /** variant - baseline, in the metric's unit. */
  difference: number;
  /** Of the difference; paired. Null where none can be made, as `reason` tells. */
  interval: Interval | null;
  /** The loss that is tolerated, in the metric's unit, >= 0. */
  margin: number;
  verdict: VerdictName;
  reason: string;
  /** How many further samples would decide; null where it is decided, or no number up to a thousand million would. */
  neededSamples: number | null;
}

/** The fields of a stored quality comparison. */
export interface TestedComparison extends Comparison {
  /** Null where all outputs are identical, and where the samples are too many to test, or of one cluster. */
  equality: EqualityTest | null;
}

/** A test of the hypothesis that a variant is as good as its baseline; no verdict goes by it. */
export interface EqualityTest {
  name: 'mcnemar' | 'sign-flip' | 'student-t' | 'delong' | 'approximate-randomization';
  /** Two-sided; of McNemar's the exact one. */
  p: number;
  /** McNemar's mid-p, which is less cautious; null for the others. */
  midP: number | null;
}

/** A tolerated loss, in the unit of the metric or as a share of the baseline's value. */
export interface Margin {
  kind: 'absolute' | 'relative';
  value: number;
}
