import { expect, test } from 'vitest';
import type { TaskKind } from '../../core/task-kind.ts';
import { metricValueSchema } from '../../results/quality-schema.ts';
import { scorePredictions } from '../../runners/score-predictions.ts';
import { comparePredictions } from '../../tasks/compare/compare-predictions.ts';
import { metricById } from '../../tasks/metrics/registry.ts';
import type { Predictions, RegressionPredictions } from '../../tasks/predictions.ts';
import { drawClasses, drawTexts, drawValues } from '../tasks/compare/draw-predictions.ts';

test('a metric whose oracle writes a signature carries it, another says that there is none', () => {
  const predictions = drawTexts({ samples: 12, noise: 0 });
  const { metrics } = scorePredictions(predictions, ['bleu', 'ter', 'exact-match'], { level: 0.95, seed: 1 });
  expect(metrics.map(({ id, signature }) => [id, signature])).toEqual([
    ['bleu', 'nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0-assay'],
    ['ter', 'nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:2.6.0-assay'],
    ['exact-match', null],
  ]);
});

function reasonOf(id: string, predictions: Predictions): string | null {
  const [metric] = scorePredictions(predictions, [id], { level: 0.95, seed: 1 }).metrics;
  expect(metricValueSchema.parse(metric)).toMatchObject({ interval: null });
  expect(metric?.value, id).not.toBeNull();
  return metric?.reason ?? null;
}

test('a value without an interval tells why it has none', () => {
  const values = drawValues({ samples: 30, noise: 0 });
  const one = drawValues({ samples: 1, noise: 0 });
  const classes = drawClasses({ samples: 60, noise: 0, classes: 2 });
  const sure = Float64Array.from(
    [...classes.expected].flatMap((label) => (label === 0 ? [0.9, 0.1] : [0.1, 0.9])),
  );
  const right = { ...classes, predicted: classes.expected, probabilities: sure };
  const texts = drawTexts({ samples: 30, noise: 0 });
  expect(reasonOf('mse', one)).toContain('takes two samples');
  expect(reasonOf('mse', { ...values, predicted: values.expected })).toContain('give the same value');
  expect(reasonOf('max-error', values)).toContain('bootstrap of a maximum');
  expect(reasonOf('roc-auc', right)).toContain('give the same value');
  expect(reasonOf('bleu', { ...texts, generated: texts.generated.map(() => '') })).toContain(
    'the same value',
  );
  // Each sample has the same loss; their sum in another order differs in the last bit.
  expect(reasonOf('log-loss', right)).toContain('give the same value');
});

test.each([1e60, 1e100, 1e153])(
  'a prediction of %f has an R2, with an interval or why there is none',
  (huge) => {
    const values = drawValues({ samples: 30, noise: 0 });
    const predicted = values.predicted.map((value, sample) => (sample === 0 ? huge : value));
    const ids = ['r2', 'explained-variance', 'mse', 'rmse'];
    const { metrics } = scorePredictions({ ...values, predicted }, ids, { level: 0.95, seed: 1 });
    for (const metric of metrics) {
      expect(metricValueSchema.parse(metric), metric.id).toEqual(metric);
      expect(metric.interval === null, metric.id).toBe(metric.reason !== null);
    }
  },
);

const ranges: RegressionPredictions = {
  kind: 'regression',
  ids: ['a', 'b', 'c'],
  unit: 'mpg',
  expected: Float64Array.of(20, 30, 40),
  predicted: Float64Array.of(21, 29, 42),
};

test.each([
  ['mpg', 'mpg', 'mpg²'],
  ['km/h', 'km/h', '(km/h)²'],
  ['', '', ''],
])('errors of values in "%s" are in their unit, squared ones in its square', (unit, plain, square) => {
  const ids = ['mae', 'rmse', 'max-error', 'pinball@0.9', 'mse', 'mape', 'r2'];
  const { metrics } = scorePredictions({ ...ranges, unit }, ids, { level: 0.95, seed: 1 });
  expect(metrics.map((metric) => metric.unit)).toEqual([plain, plain, plain, plain, square, '', '']);
});

test('a comparison is in the unit of its metric, and says so of its margin', () => {
  const comparison = comparePredictions({
    metric: metricById<TaskKind>('mae', 'regression'),
    baseline: { ...drawValues({ samples: 40, noise: 0 }), unit: 'mpg' },
    variant: { ...drawValues({ samples: 40, noise: 1 }), unit: 'mpg' },
    margin: { kind: 'absolute', value: 0.5 },
    alpha: 0.05,
    seed: 1,
  });
  expect(comparison).toMatchObject({
    unit: 'mpg',
    reason: expect.stringMatching(/0\.5 mpg/) as string,
  });
});
