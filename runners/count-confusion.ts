import {
  mostConfusionLabels,
  mostCountedLabels,
  type Confusion,
  type LabelConfusion,
} from '../results/confusion-schema.ts';
import { confusionMatrix } from '../tasks/metrics/confusion.ts';
import { labelCounts } from '../tasks/metrics/multilabel.ts';
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

/** How often each label was predicted and applied (scikit-learn `multilabel_confusion_matrix`); null as above. */
export function countLabelConfusion(predictions: Predictions): LabelConfusion | null {
  if (predictions.kind !== 'multilabel' || predictions.labels.length > mostCountedLabels) return null;
  const { ids, labels, expected, predicted } = predictions;
  const counts = labelCounts({ expected, predicted, labels: labels.length });
  return labels.map((label, index) => {
    const [applies = 0, found = 0, both = 0] = [counts.expected, counts.predicted, counts.truePositives].map(
      (column) => column[index],
    );
    return {
      label,
      trueNegatives: ids.length - applies - found + both,
      falsePositives: found - both,
      falseNegatives: applies - both,
      truePositives: both,
    };
  });
}
