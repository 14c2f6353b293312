import { expect, test } from 'vitest';
import type { TaskKind } from '../../core/task-kind.ts';
import { scorePredictions } from '../../runners/score-predictions.ts';
import { comparePredictions } from '../../tasks/compare/compare-predictions.ts';
import { metricById } from '../../tasks/metrics/registry.ts';
import type { RegressionPredictions } from '../../tasks/predictions.ts';
import { drawTexts, drawValues } from '../tasks/compare/draw-predictions.ts';

test('a metric whose oracle writes a signature carries it, another says that there is none', () => {
  const predictions = drawTexts({ samples: 12, noise: 0 });
  const { metrics } = scorePredictions(predictions, ['bleu', 'ter', 'exact-match'], { level: 0.95, seed: 1 });
  expect(metrics.map(({ id, signature }) => [id, signature])).toEqual([
    ['bleu', 'nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0-assay'],
    ['ter', 'nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:2.6.0-assay'],
    ['exact-match', null],
  ]);
});

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
