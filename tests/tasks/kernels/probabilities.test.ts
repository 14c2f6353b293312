import { expect, test } from 'vitest';
import { nearKernels } from '../../../tasks/kernels/place-columns.ts';
import { metricById } from '../../../tasks/metrics/registry.ts';
import type { ClassificationPredictions } from '../../../tasks/predictions.ts';
import type { Figure } from '../../../tasks/metric.ts';

/** Rows that each sum to 1: a quarter for one label after the other, and the rest shared alike. */
function sound(samples: number, labels: number): ClassificationPredictions {
  const probabilities = new Float64Array(samples * labels).fill(0.75 / (labels - 1));
  const expected = Int32Array.from({ length: samples }, (_, sample) => sample % labels);
  expected.forEach((label, sample) => (probabilities[sample * labels + label] = 0.25));
  return {
    kind: 'classification',
    ids: Array.from({ length: samples }, (_, sample) => `row ${sample}`),
    labels: Array.from({ length: labels }, (_, label) => `label ${label}`),
    expected,
    predicted: expected,
    probabilities,
  };
}

function withCell(given: ClassificationPredictions, cell: number, value: number): ClassificationPredictions {
  const probabilities = given.probabilities?.slice() ?? null;
  probabilities?.set([value], cell);
  return { ...given, probabilities };
}

/** The Brier score, which must be the same wherever the columns lie. */
function figureOf(given: ClassificationPredictions): Figure {
  const metric = metricById('brier', 'classification');
  const figure = metric.compute(given);
  expect(metric.compute(nearKernels(given))).toEqual(figure);
  return figure;
}

const tables = [
  [1, 2],
  [3, 2],
  [1025, 2],
  [683, 3],
  [1025, 4],
  [411, 5],
  [3, 2048],
  [3, 2049],
] as const;

test.each(tables)('of %d rows of %d probabilities the one that is amiss is found', (samples, labels) => {
  const given = sound(samples, labels);
  expect(figureOf(given).doubts).toEqual([]);
  for (const sample of new Set([0, samples >> 1, samples - 1]))
    for (const cell of new Set([
      sample * labels,
      sample * labels + (labels >> 1),
      (sample + 1) * labels - 1,
    ])) {
      const row = `sample "row ${sample}"`;
      for (const value of [NaN, -0.01, 1.01, Infinity])
        expect(figureOf(withCell(given, cell, value)).reason).toContain(row);
      const more = (given.probabilities?.[cell] ?? NaN) + 2e-5;
      expect(figureOf(withCell(given, cell, more)).doubts.join()).toContain(row);
      expect(figureOf(withCell(given, cell, more - 1.5e-5)).doubts).toEqual([]);
    }
});

test.each([1, 3, 4, 5, 2047, 2049])('of %d indices the one that is of no label is found', (samples) => {
  const given = sound(samples, 3);
  const metric = metricById('accuracy', 'classification');
  for (const sample of new Set([0, samples >> 1, samples - 1]))
    for (const label of [-1, 3, 2 ** 31 - 1, -(2 ** 31)]) {
      const predicted = given.predicted.slice();
      predicted[sample] = label;
      for (const foreign of [{ ...given, predicted }, nearKernels({ ...given, predicted })])
        expect(() => metric.compute(foreign)).toThrow(`row ${sample}`);
    }
});
