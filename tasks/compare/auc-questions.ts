import type { ScoredQuestion } from '../../core/statistics/delong.ts';
import type { Metric } from '../metric.ts';
import type { ClassificationPredictions, Predictions } from '../predictions.ts';

/**
 * The questions whose mean area under the ROC curve a metric is: the last of two labels, or each label against the rest.
 * Null for any other metric, and where samples weigh differently.
 */
export function aucQuestions(metric: Metric, predictions: Predictions): ScoredQuestion[] | null {
  if (metric.id !== 'roc-auc' || predictions.kind !== 'classification' || 'weights' in predictions)
    return null;
  const labels = [...predictions.labels.keys()];
  return (labels.length === 2 ? [1] : labels).map((label) => oneAgainstRest(predictions, label));
}

function oneAgainstRest(
  { expected, probabilities, labels }: ClassificationPredictions,
  label: number,
): ScoredQuestion {
  return {
    isPositive: Uint8Array.from(expected, (index) => (index === label ? 1 : 0)),
    scores: Float64Array.from(expected, (_, sample) => probabilities[sample * labels.length + label]!),
  };
}
