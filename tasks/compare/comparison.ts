import type { Direction, Interval, VerdictName } from '../../core/verdict.ts';

/** A metric of a variant judged against its baseline on the same samples; the fields of a stored quality comparison. */
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

/** A tolerated loss, in the unit of the metric or as a share of the baseline's value. */
export interface Margin {
  kind: 'absolute' | 'relative';
  value: number;
}
