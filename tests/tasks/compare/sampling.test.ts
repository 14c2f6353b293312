import { textsOf } from '../../../core/ids.ts';
import { expect, test } from 'vitest';
import { comparePredictions } from '../../../tasks/compare/compare-predictions.ts';
import { compareSlices } from '../../../tasks/compare/compare-slices.ts';
import type { Comparison } from '../../../tasks/compare/comparison.ts';
import { metricInterval } from '../../../tasks/compare/metric-interval.ts';
import { takeSamples } from '../../../tasks/compare/take-samples.ts';
import type { Predictions } from '../../../tasks/predictions.ts';
import { drawClasses, drawTexts, drawValues } from './draw-predictions.ts';
import { taskMetric } from './task-metrics.ts';

/** The same predictions with samples in clusters of a size. */
function inClusters<P extends Predictions>(predictions: P, size: number): P {
  const names = textsOf(predictions.ids).map((_, index) => `p${Math.floor(index / size)}`);
  return { ...predictions, clusters: { by: 'patient', names } };
}

function compare(metric: string, baseline: Predictions, variant: Predictions): Comparison | null {
  return comparePredictions({
    metric: taskMetric(metric, baseline.kind),
    ...{ baseline, variant, alpha: 0.05, seed: 1 },
    margin: { kind: 'absolute', value: 0.02 },
  });
}

const note = String.raw`clustered by patient \(n=1200, clusters=300\)`;

test.each([
  ['accuracy', 'skew-adjusted t with unseen changes (n=300)', 'skew-adjusted t with unseen changes (n=300)'],
  ['log-loss', 'skew-adjusted t (n=300)', 'skew-adjusted t (n=300)'],
  ['roc-auc', 'delong', 'delong skew-adjusted t with unseen changes (n=300)'],
  [
    'f1-macro',
    'bootstrap-outer (B=2000, seed=1) with unseen flips',
    'jackknife skew-adjusted t with unseen changes (n=300)',
  ],
] as const)('every interval of %s says that it takes whole clusters', (id, alone, paired) => {
  const [before, after] = [0, 0.5].map((noise) => inClusters(drawClasses({ samples: 1200, noise }), 4)) as [
    Predictions,
    Predictions,
  ];
  const { interval } = metricInterval(taskMetric(id, 'classification'), before, { level: 0.95, seed: 1 });
  expect(interval?.method).toBe(`${alone} clustered by patient (n=1200, clusters=300)`);
  expect(compare(id, before, after)?.interval?.method).toMatch(new RegExp(`${note}$`));
  expect(compare(id, before, after)?.interval?.method).toContain(paired);
});

test('samples that a cluster repeats say no more than one of them', () => {
  const [samples, copies] = [60, 5];
  const once = drawClasses({ samples, noise: 0 });
  const copied = takeSamples(
    once,
    Int32Array.from({ length: samples * copies }, (_, index) => Math.floor(index / copies)),
  );
  const repeated = inClusters(copied, copies);
  const settings = { level: 0.95, seed: 1 };
  for (const id of ['log-loss', 'brier', 'roc-auc'] as const) {
    const metric = taskMetric(id, 'classification');
    const [all, each] = [repeated, once].map((one) => metricInterval(metric, one, settings).interval);
    const [wide, narrow] = [all, each].map((one) => (one?.high ?? NaN) - (one?.low ?? NaN));
    expect((wide ?? NaN) / (narrow ?? NaN), id).toBeGreaterThan(0.98);
    expect((wide ?? NaN) / (narrow ?? NaN), id).toBeLessThan(1.06);
  }
});

test('one cluster alone gives no interval and no decision', () => {
  const [before, after] = [0, 0.5].map((noise) => inClusters(drawTexts({ samples: 40, noise }), 40)) as [
    Predictions,
    Predictions,
  ];
  expect(
    metricInterval(taskMetric('exact-match', 'generation'), before, { level: 0.95, seed: 1 }).interval,
  ).toBeNull();
  expect(compare('exact-match', before, after)).toMatchObject({ interval: null, verdict: 'inconclusive' });
  expect(compare('exact-match', before, after)?.reason).toContain('one cluster');
});

test('a slice takes the clusters of its samples', () => {
  const [baseline, variant] = [0, 0.5].map((noise) =>
    inClusters(drawClasses({ samples: 120, noise }), 4),
  ) as [Predictions, Predictions];
  const request = {
    metric: taskMetric('accuracy', 'classification'),
    ...{ baseline, variant, alpha: 0.05, seed: 1 },
    margin: { kind: 'absolute', value: 0.02 } as const,
  };
  const slices = compareSlices(request, [
    textsOf(baseline.ids).map((_, index) => (index < 40 ? 'first' : 'rest')),
  ]);
  const methods = slices.map(({ slice, comparison }) => [slice, comparison?.interval?.method]);
  expect(Object.fromEntries(methods)).toEqual({
    first: expect.stringContaining('clustered by patient (n=40, clusters=10)') as string,
    rest: expect.stringContaining('clustered by patient (n=80, clusters=20)') as string,
  });
});

test('weights that leave a few samples to count decide nothing, as so few would, and say how many they are', () => {
  const weights = Float64Array.from({ length: 200 }, (_, sample) => (sample < 3 ? 1 : 1e-9));
  const [before, after] = [0, 0.2].map((noise) => ({ ...drawValues({ samples: 200, noise }), weights })) as [
    Predictions,
    Predictions,
  ];
  for (const id of ['mse', 'median-ae'] as const) {
    const compared = compare(id, before, after);
    expect(compared?.verdict, id).toBe('inconclusive');
    expect(compared?.reason, id).toContain('takes 30 samples; by their weights 200 count as 3.0');
  }
});

test('weights that are all alike change no verdict', () => {
  const weights = new Float64Array(200).fill(2);
  const [before, after] = [0, 0.2].map((noise) => drawValues({ samples: 200, noise }));
  if (before === undefined || after === undefined) throw new Error('nothing drawn');
  const plain = compare('mse', before, after);
  const weighted = compare('mse', { ...before, weights }, { ...after, weights });
  expect(weighted?.interval?.low).toBeCloseTo(plain?.interval?.low ?? NaN, 6);
  expect(weighted?.interval?.high).toBeCloseTo(plain?.interval?.high ?? NaN, 6);
});
