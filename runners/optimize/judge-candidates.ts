import { plainMargin, type Margin } from '../../results/policy.ts';
import type { Variant } from '../../results/schema.ts';
import { compareTogether } from '../../tasks/compare/compare-together.ts';
import type { Comparison } from '../../tasks/compare/comparison.ts';
import { plainScores } from '../../tasks/compare/sample-scores.ts';
import { metricById } from '../../tasks/metrics/registry.ts';
import type { Predictions } from '../../tasks/predictions.ts';
import type { Bench } from './predict-variant.ts';

/** A variant that was made and predicted with. */
export interface Tried {
  variant: Variant;
  path: string;
  /** Layers left in float32. */
  leftOut: readonly string[];
  predictions: Predictions;
}

const alpha = 0.05;
const seed = 1;

/**
 * Judges all variants tried so far together, as a run judges a group: paired with the baseline, so that the chance of any wrong pass
 * among them stays below 5 %. Null where the metric is undefined.
 */
export function judgeCandidates(
  baseline: Predictions,
  tried: readonly Tried[],
  { data, maxDrop }: Pick<Bench, 'data'> & { maxDrop: Margin },
): (Comparison | null)[] {
  const metric = metricById(data.metric, data.task.kind);
  const margin = plainMargin(maxDrop, baseline.ids.length);
  return compareTogether(
    tried.map(({ predictions }) => ({ metric, baseline, variant: predictions, margin, seed })),
    alpha,
  );
}

/** Whether the loss is proven to be within what is tolerated. */
export function holds(comparison: Comparison | null): boolean {
  return comparison?.verdict === 'pass' || comparison?.verdict === 'improved';
}

/** Whether each sample gets the same score of two predictions; false where the metric has no score a sample. */
export function scoreAlike(
  baseline: Predictions,
  variant: Predictions,
  { data }: Pick<Bench, 'data'>,
): boolean {
  const metric = metricById(data.metric, data.task.kind);
  const [before, after] = [plainScores(metric, baseline), plainScores(metric, variant)];
  return before?.every((score, index) => score === after?.[index]) ?? false;
}
