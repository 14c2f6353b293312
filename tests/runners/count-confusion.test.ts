import { expect, test } from 'vitest';
import { confusionSchema, labelConfusionSchema } from '../../results/confusion-schema.ts';
import { countConfusion, countLabelConfusion } from '../../runners/count-confusion.ts';
import type { ClassificationPredictions, MultilabelPredictions } from '../../tasks/predictions.ts';

function predictionsOf(labels: string[]): ClassificationPredictions {
  return {
    kind: 'classification',
    ids: ['a', 'b', 'c'],
    labels,
    expected: Int32Array.of(0, 0, 1),
    predicted: Int32Array.of(0, 1, 1),
    probabilities: null,
    weights: Float64Array.of(5, 5, 5),
  };
}

test('samples are counted by expected and predicted class, whatever they weigh', () => {
  const found = countConfusion(predictionsOf(['x', 'y']));
  expect(found).toEqual({
    labels: ['x', 'y'],
    counts: [
      [1, 1],
      [0, 1],
    ],
  });
  expect(confusionSchema.parse(found)).toEqual(found);
});

test('a matrix of more labels than a record holds is left out, and one that is not square is refused', () => {
  const names = (count: number): string[] => Array.from({ length: count }, (_, label) => `l${label}`);
  expect(countConfusion(predictionsOf(names(50)))?.counts).toHaveLength(50);
  expect(countConfusion(predictionsOf(names(51)))).toBeNull();
  expect(confusionSchema.safeParse({ labels: ['x', 'y'], counts: [[1, 2], [3]] }).success).toBe(false);
});

test('labels are counted as scikit-learn counts them, whatever samples weigh', () => {
  const predictions: MultilabelPredictions = {
    kind: 'multilabel',
    ids: ['a', 'b', 'c'],
    labels: ['x', 'y', 'z'],
    expected: Uint8Array.of(1, 0, 1, 0, 1, 0, 0, 0, 1),
    predicted: Uint8Array.of(1, 0, 0, 0, 1, 1, 0, 1, 1),
    scores: new Float64Array(9),
    weights: Float64Array.of(5, 5, 5),
  };
  const found = countLabelConfusion(predictions);
  // sklearn.metrics.multilabel_confusion_matrix: [[[2, 0], [0, 1]], [[1, 1], [0, 1]], [[0, 1], [1, 1]]]
  expect(found).toEqual([
    { label: 'x', trueNegatives: 2, falsePositives: 0, falseNegatives: 0, truePositives: 1 },
    { label: 'y', trueNegatives: 1, falsePositives: 1, falseNegatives: 0, truePositives: 1 },
    { label: 'z', trueNegatives: 0, falsePositives: 1, falseNegatives: 1, truePositives: 1 },
  ]);
  expect(labelConfusionSchema.parse(found)).toEqual(found);
  expect(countConfusion(predictions)).toBeNull();
  expect(countLabelConfusion({ ...predictions, labels: new Array<string>(1001).fill('l') })).toBeNull();
});
