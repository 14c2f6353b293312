import { expect, test } from 'vitest';
import type { TaskKind } from '../../../core/task-kind.ts';
import { compareOutputs } from '../../../tasks/compare/compare-outputs.ts';
import { metricById } from '../../../tasks/metrics/registry.ts';
import type { ClassificationPredictions, RegressionPredictions } from '../../../tasks/predictions.ts';

const mse = metricById<TaskKind>('mse', 'regression');
const accuracy = metricById<TaskKind>('accuracy', 'classification');

function values(...predicted: number[]): RegressionPredictions {
  return {
    kind: 'regression',
    ids: predicted.map((_, index) => String(index)),
    expected: new Float64Array(predicted.length),
    predicted: Float64Array.from(predicted),
  };
}

function classes(...rows: [number, number][]): ClassificationPredictions {
  return {
    kind: 'classification',
    ids: rows.map((_, index) => String(index)),
    labels: ['a', 'b'],
    expected: new Int32Array(rows.length),
    predicted: Int32Array.from(rows, ([a, b]) => (b > a ? 1 : 0)),
    probabilities: Float64Array.from(rows.flat()),
  };
}

test('the relative error is the norm of the difference over that of the reference', () => {
  const { relativeError, flips, metricDifference } = compareOutputs(values(3, 4), values(3, 4.5), mse);
  expect(relativeError).toBeCloseTo(0.1, 12);
  expect(flips).toBeNull();
  expect(metricDifference).toBeCloseTo((9 + 4.5 ** 2) / 2 - 12.5, 12);
});

test('the same outputs have no error, not even where all are 0', () => {
  expect(compareOutputs(values(0, 0), values(0, 0), mse).relativeError).toBe(0);
  expect(compareOutputs(values(0, 0), values(0, 2), mse).relativeError).toBe(2);
});

test('outputs that are not finite have no error to tell, and are counted', () => {
  expect(compareOutputs(values(1, 2), values(1, Infinity), mse)).toEqual({
    relativeError: null,
    nonFinite: 1,
    flips: null,
    metricDifference: null,
  });
});

test('flips are counted with their direction, and the metric is that of here less that of there', () => {
  const there = classes([0.9, 0.1], [0.4, 0.6], [0.8, 0.2]);
  const here = classes([0.2, 0.8], [0.6, 0.4], [0.7, 0.3]);
  const { flips, metricDifference } = compareOutputs(there, here, accuracy);
  expect(flips).toEqual({ rightToWrong: 1, wrongToRight: 1, agreement: 1 / 3 });
  expect(metricDifference).toBe(0);
});
