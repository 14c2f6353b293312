import { expect, test } from 'vitest';
import { intervalSchema } from '../../../results/interval-schema.ts';
import { metricInterval } from '../../../tasks/compare/metric-interval.ts';
import type { Predictions } from '../../../tasks/predictions.ts';
import type { Interval } from '../../../core/verdict.ts';
import { drawClasses, drawTexts, drawValues } from './draw-predictions.ts';
import { taskMetric, taskMetricIds } from './task-metrics.ts';

const settings = { level: 0.95, seed: 1 };

const intervalOf = (id: string, predictions: Predictions): Interval | null =>
  metricInterval(taskMetric(id, predictions.kind), predictions, settings).interval;

test.each([
  ['accuracy', /^wilson$/],
  ['log-loss', /^skew-adjusted t \(n=80\)$/],
  ['roc-auc', /^delong$/],
  ['f1-macro', /^bootstrap-outer \(B=2000, seed=1\) with unseen flips$/],
  ['ece', /^bootstrap-outer \(B=2000, seed=1\)$/],
] as const)('the interval of %s is made by what fits it', (id, method) => {
  expect(intervalOf(id, drawClasses({ samples: 80, noise: 0 }))?.method).toMatch(method);
});

test.each([
  ['f1-macro', (samples: number) => drawClasses({ samples, noise: 0 })],
  ['ece', (samples: number) => drawClasses({ samples, noise: 0 })],
  ['r2', (samples: number) => drawValues({ samples, noise: 0 })],
  ['bleu', (samples: number) => drawTexts({ samples, noise: 0 })],
] as const)(
  'of many samples the interval of %s is that of leaving each out, as wide as resampling makes it',
  (id, draw) => {
    const [resampled, left] = [intervalOf(id, draw(1999)), intervalOf(id, draw(2000))];
    expect(resampled?.method).toMatch(/^bootstrap/);
    expect(left?.method).toMatch(/^jackknife/);
    const [wide, other] = [resampled, left].map((one) => (one?.high ?? NaN) - (one?.low ?? NaN));
    expect((other ?? NaN) / (wide ?? NaN)).toBeGreaterThan(0.9);
    expect((other ?? NaN) / (wide ?? NaN)).toBeLessThan(1.15);
  },
);

test('870 hits of 1000 lie between 84.8 and 88.9 percent, and so they do in percent', () => {
  const references = Array.from({ length: 1000 }, () => 'yes');
  const texts = { ...drawTexts({ samples: 1000, noise: 0 }), references };
  const predictions = { ...texts, generated: references.map((text, sample) => (sample < 870 ? text : 'no')) };
  const [share, percent] = [
    intervalOf('exact-match', predictions),
    intervalOf('squad-exact-match', predictions),
  ];
  expect([share?.low, share?.high]).toEqual([expect.closeTo(0.847732, 6), expect.closeTo(0.889436, 6)]);
  expect([percent?.low, percent?.high]).toEqual([expect.closeTo(84.7732, 4), expect.closeTo(88.9436, 4)]);
});

test('every interval holds its metric and stays inside its range', () => {
  const drawn = [drawClasses, drawValues, drawTexts].map((draw) => draw({ samples: 30, noise: 0 }));
  for (const predictions of drawn)
    for (const id of taskMetricIds(predictions.kind)) {
      const metric = taskMetric(id, predictions.kind);
      const { value } = metric.compute(predictions);
      const interval = intervalOf(id, predictions);
      if (value === null || interval === null) continue;
      expect(intervalSchema.parse(interval), id).toEqual(interval);
      expect(interval.low, id).toBeLessThanOrEqual(value);
      expect(interval.high, id).toBeGreaterThanOrEqual(value);
      expect(interval.low, id).toBeGreaterThanOrEqual(metric.range[0]);
      expect(interval.high, id).toBeLessThanOrEqual(metric.range[1]);
    }
});

test.each([0, 1, 2])('%i samples give an interval or none, and never an error', (samples) => {
  for (const draw of [drawClasses, drawValues, drawTexts]) {
    const predictions = draw({ samples, noise: 0 });
    for (const id of taskMetricIds(predictions.kind))
      expect(() => intervalOf(id, predictions), id).not.toThrow();
  }
});

test('the largest error has no interval, as no resample holds a larger one', () => {
  expect(intervalOf('max-error', drawValues({ samples: 200, noise: 0 }))).toBeNull();
});

test('a perfect error has no interval, a perfect F1 has room below it', () => {
  const values = drawValues({ samples: 30, noise: 0 });
  expect(intervalOf('mse', { ...values, predicted: values.expected })).toBeNull();
  expect(intervalOf('rmse', { ...values, predicted: values.expected })).toBeNull();
  const classes = drawClasses({ samples: 60, noise: 0 });
  const perfect = intervalOf('f1-macro', { ...classes, predicted: classes.expected });
  expect(perfect?.high).toBe(1);
  expect(perfect?.low).toBeLessThan(0.95);
});
