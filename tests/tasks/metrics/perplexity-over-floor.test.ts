import { expect, test } from 'vitest';
import { metricById } from '../../../tasks/metrics/registry.ts';
import type { GenerationPredictions } from '../../../tasks/predictions.ts';

const metric = metricById('perplexity-over-floor', 'generation');

const predictions: GenerationPredictions = {
  kind: 'generation',
  ids: ['a', 'b'],
  negativeLogLikelihood: Float64Array.of(6, 3),
  tokens: Int32Array.of(4, 1),
  floorNegativeLogLikelihood: Float64Array.of(5, 2),
  generated: ['', ''],
  references: ['', ''],
};

test('it is the perplexity over that of the source on the same tokens', () => {
  const perplexity = metricById('perplexity', 'generation');
  const model = perplexity.compute(predictions).value ?? NaN;
  const source =
    perplexity.compute({ ...predictions, negativeLogLikelihood: Float64Array.of(5, 2) }).value ?? NaN;
  expect(metric.compute(predictions).value).toBeCloseTo(model / source, 12);
});

test('a model as good as the source reaches 1', () => {
  expect(metric.compute({ ...predictions, negativeLogLikelihood: Float64Array.of(5, 2) }).value).toBe(1);
});

test('without a known source it is null with a reason', () => {
  const figure = metric.compute({ ...predictions, floorNegativeLogLikelihood: null });
  expect(figure).toMatchObject({ value: null, reason: expect.stringContaining('source') as string });
});

test('what its samples add up to is the figure itself', () => {
  const sums = metric.sampleSums?.(predictions);
  expect(sums?.metricOf(Float64Array.of(2, 5))).toBeCloseTo(metric.compute(predictions).value ?? NaN, 12);
  const added = Float64Array.of(0, 0, 0);
  for (const sample of [0, 1]) sums?.addTo(added, 1, sample);
  expect([...added]).toEqual([0, 2, 5]);
});
