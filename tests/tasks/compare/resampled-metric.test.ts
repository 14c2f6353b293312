import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { estimateArea } from '../../../core/statistics/delong.ts';
import { resampledMetric } from '../../../tasks/compare/resampled-metric.ts';
import { takeSamples } from '../../../tasks/compare/take-samples.ts';
import type { Predictions } from '../../../tasks/predictions.ts';
import { drawClasses, drawTexts, drawValues } from './draw-predictions.ts';
import { taskMetric, taskMetricIds } from './task-metrics.ts';

/** The last has no weight. */
const weights = Float64Array.from({ length: 40 }, (_, sample) => (39 - sample) / 10);

const drawn: readonly Predictions[] = [
  drawClasses({ samples: 40, noise: 0, classes: 4 }),
  drawClasses({ samples: 40, noise: 0, classes: 2 }),
  drawValues({ samples: 40, noise: 0 }),
  drawTexts({ samples: 40, noise: 0 }),
  { ...drawClasses({ samples: 40, noise: 0, classes: 3 }), weights },
  { ...drawValues({ samples: 40, noise: 0 }), weights },
];

test('the quick way to a resampled metric gives what copying the samples gives, for every metric', () => {
  const random = createRandom(8);
  for (const predictions of drawn)
    for (const id of taskMetricIds(predictions.kind)) {
      const metric = taskMetric(id, predictions.kind);
      if (metric.compute(predictions).value === null) continue;
      const quick = resampledMetric(metric, predictions);
      for (let repeat = 0; repeat < 5; repeat++) {
        const indices = Int32Array.from({ length: 40 }, () => random.below(40));
        const copied = metric.compute(takeSamples(predictions, indices)).value;
        expect(quick(indices) ?? NaN, id).toBeCloseTo(copied ?? NaN, 10);
      }
    }
});

test('a class that a resample misses leaves the mean over classes, as on the rows really drawn', () => {
  const common = drawClasses({ samples: 30, noise: 0, classes: 4 });
  const rare = (sample: number): boolean => sample === 7 || sample === 19;
  const predictions = {
    ...common,
    expected: common.expected.map((label, sample) => (rare(sample) ? 3 : label % 3)),
    predicted: common.predicted.map((label, sample) => (sample === 7 ? 3 : label % 3)),
  };
  const random = createRandom(5);
  let missing = 0;
  for (const score of ['precision', 'recall', 'f1', 'jaccard'])
    for (const average of ['macro', 'weighted']) {
      const metric = taskMetric(`${score}-${average}`, 'classification');
      const quick = resampledMetric(metric, predictions);
      for (let repeat = 0; repeat < 20; repeat++) {
        const indices = Int32Array.from({ length: 30 }, () => random.below(30));
        if (!indices.some(rare)) missing++;
        const drawn = metric.compute(takeSamples(predictions, indices)).value;
        expect(quick(indices), metric.id).toBeCloseTo(drawn ?? NaN, 12);
      }
    }
  expect(missing).toBeGreaterThan(5);
});

test.each(['roc-auc', 'roc-auc-weighted', 'roc-auc-micro', 'roc-auc-ovo', 'roc-auc-ovo-weighted'])(
  'the questions of %s have it as their mean area',
  (id) => {
    const metric = taskMetric(id, 'classification');
    for (const predictions of drawn.slice(0, 2)) {
      const questions = metric.areaQuestions?.(predictions) ?? [];
      const { area, influences } = estimateArea(questions, predictions.ids.length);
      expect(area).toBeCloseTo(metric.compute(predictions).value ?? NaN, 12);
      expect(influences.every(Number.isFinite)).toBe(true);
    }
  },
);

test('every column of a sample comes along when it is taken', () => {
  const outputs = 2;
  const values = {
    ...drawValues({ samples: 40, noise: 0 }),
    weights,
    ids: drawn[0]?.ids.slice(0, 20) ?? [],
    outputs,
  };
  const taken = takeSamples({ ...values, weights: weights.slice(0, 20) }, Int32Array.of(3, 3, 19));
  expect(taken.ids).toEqual(['s3', 's3', 's19']);
  expect([...taken.expected]).toEqual([6, 7, 6, 7, 38, 39].map((cell) => values.expected[cell]));
  expect([...taken.weights]).toEqual([3, 3, 19].map((sample) => weights[sample]));
  const texts = {
    ...drawTexts({ samples: 3, noise: 0 }),
    floorNegativeLogLikelihood: Float64Array.of(1, 2, 3),
  };
  const otherReferences = [['a'], ['b'], ['c']];
  const takenTexts = takeSamples({ ...texts, otherReferences }, Int32Array.of(2, 0));
  expect(takenTexts).toEqual({
    kind: 'generation',
    ids: ['s2', 's0'],
    negativeLogLikelihood: Float64Array.of(
      texts.negativeLogLikelihood[2] ?? 0,
      texts.negativeLogLikelihood[0] ?? 0,
    ),
    tokens: Int32Array.of(texts.tokens[2] ?? 0, texts.tokens[0] ?? 0),
    utf8Bytes: Int32Array.of(texts.utf8Bytes?.[2] ?? 0, texts.utf8Bytes?.[0] ?? 0),
    floorNegativeLogLikelihood: Float64Array.of(3, 1),
    generated: [texts.generated[2], texts.generated[0]],
    references: [texts.references[2], texts.references[0]],
    otherReferences: [['c'], ['a']],
  });
});
