import type { Metric } from '../metric.ts';
import type { ClassificationPredictions, Predictions } from '../predictions.ts';

/**
 * Whether a metric reads nothing but the class or text chosen for each sample: its value stays where the likelihoods behind
 * the choice are wiped out. Such a metric moves in steps, one flip at a time.
 */
export function readsOnlyDecisions(metric: Metric, predictions: Predictions): boolean {
  const { value } = metric.compute(predictions);
  switch (predictions.kind) {
    case 'regression':
      return false;
    case 'classification': {
      const probabilities = predictions.probabilities.map(() => 1 / predictions.labels.length);
      return metric.compute({ ...predictions, probabilities }).value === value;
    }
    case 'generation': {
      const negativeLogLikelihood = predictions.negativeLogLikelihood.map(() => 0);
      return metric.compute({ ...predictions, negativeLogLikelihood }).value === value;
    }
  }
}

/** The predictions with one sample decided otherwise: the second most probable class, or the text of another sample. */
export function withFlip<P extends Predictions>(predictions: P, sample: number): P;
export function withFlip(predictions: Predictions, sample: number): Predictions {
  switch (predictions.kind) {
    case 'regression':
      return predictions;
    case 'classification': {
      const predicted = predictions.predicted.slice();
      predicted[sample] = runnerUp(predictions, sample);
      return { ...predictions, predicted };
    }
    case 'generation': {
      const { generated } = predictions;
      const other = generated.find((text) => text !== generated[sample]) ?? '';
      return { ...predictions, generated: generated.with(sample, other) };
    }
  }
}

function runnerUp({ predicted, probabilities, labels }: ClassificationPredictions, sample: number): number {
  const row = probabilities.subarray(sample * labels.length, (sample + 1) * labels.length);
  let best = predicted[sample]!;
  for (const [label, probability] of row.entries()) {
    if (label === predicted[sample]) continue;
    if (best === predicted[sample] || probability > row[best]!) best = label;
  }
  return best;
}
