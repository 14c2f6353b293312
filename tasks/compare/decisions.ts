import type { Metric } from '../metric.ts';
import type { ClassificationPredictions, GenerationPredictions, Predictions } from '../predictions.ts';

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

/** The predictions with each sample decided otherwise: by the second most probable class, or the text of another sample. */
export function withAllFlipped<P extends Predictions>(predictions: P): P;
export function withAllFlipped(predictions: Predictions): Predictions {
  switch (predictions.kind) {
    case 'regression':
      return predictions;
    case 'classification':
      return {
        ...predictions,
        predicted: predictions.predicted.map((_, sample) => runnerUp(predictions, sample)),
      };
    case 'generation':
      return {
        ...predictions,
        generated: predictions.generated.map((_, sample) => otherText(predictions, sample)),
      };
  }
}

/** The predictions with one sample taken from `others`, which are of the same samples. */
export function withOneFrom(predictions: Predictions, others: Predictions, sample: number): Predictions {
  if (predictions.kind === 'classification' && others.kind === 'classification')
    return { ...predictions, predicted: predictions.predicted.with(sample, others.predicted[sample]!) };
  if (predictions.kind === 'generation' && others.kind === 'generation')
    return { ...predictions, generated: predictions.generated.with(sample, others.generated[sample]!) };
  return predictions;
}

/** The text of the next sample that has another one. */
function otherText({ generated }: GenerationPredictions, sample: number): string {
  for (let step = 1; step < generated.length; step++) {
    const other = generated[(sample + step) % generated.length]!;
    if (other !== generated[sample]) return other;
  }
  return '';
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
