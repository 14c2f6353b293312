import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import type { Margin } from './comparison.ts';

/** A metric that is defined on two predictions of the same samples, and its difference, variant - baseline. */
export interface Pair {
  metric: Metric;
  baseline: Predictions;
  variant: Predictions;
  difference: number;
  margin: Margin;
  /** Of what is drawn at random: the same seed gives the same comparison. */
  seed: number;
}
