import { expect, test } from 'vitest';
import { confusionSchema } from '../../results/confusion-schema.ts';
import { countConfusion } from '../../runners/count-confusion.ts';
import type { ClassificationPredictions } from '../../tasks/predictions.ts';

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
