import { mostConfusionLabels, type Confusion } from '../results/confusion-schema.ts';
import { confusionMatrix } from '../tasks/metrics/confusion.ts';
import type { Predictions } from '../tasks/predictions.ts';

/** How many samples of each class were predicted to be of each; null for other tasks, and for more labels than a record holds. */
export function countConfusion(predictions: Predictions): Confusion | null {
  if (predictions.kind !== 'classification') return null;
  const { labels, expected, predicted } = predictions;
  const width = labels.length;
  if (width > mostConfusionLabels) return null;
  const { counts } = confusionMatrix(expected, predicted, { classes: width });
  return {
    labels: [...labels],
    counts: labels.map((_, label) => Array.from(counts.subarray(label * width, (label + 1) * width))),
  };
}
