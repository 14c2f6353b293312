import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import type { Margin } from './comparison.ts';

/** Two predictions of the same samples, to be compared by a metric. */
export interface PairRequest {
  metric: Metric;
  baseline: Predictions;
  variant: Predictions;
  margin: Margin;
  /** Of what is drawn at random: the same seed gives the same comparison. */
  seed: number;
}

/** The same, where the metric is defined on both. */
export interface Pair extends PairRequest {
  /** The metric of the baseline, and of the variant. */
  values: { before: number; after: number };
}
