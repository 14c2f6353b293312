import { expect, test } from 'vitest';
import { classSlices, compareSlices } from '../../../tasks/compare/compare-slices.ts';
import { drawClasses, drawValues } from './draw-predictions.ts';
import { taskMetric } from './task-metrics.ts';

const accuracy = taskMetric('accuracy', 'classification');
const margin = { kind: 'absolute', value: 0.05 } as const;
const baseline = drawClasses({ samples: 900, noise: 0 });
/** Right everywhere but on class 1, where it says class 2. */
const variant = {
  ...baseline,
  predicted: baseline.predicted.map((label, sample) => (baseline.expected[sample] === 1 ? 2 : label)),
};
const request = { metric: accuracy, baseline, variant, margin, alpha: 0.06, seed: 1 };

test('the slice that lost comes first and regressed, the others pass', () => {
  const compared = compareSlices(request, classSlices(baseline) ?? []);
  expect(compared.map(({ comparison }) => comparison?.verdict)).toEqual(['regressed', 'pass', 'pass']);
  expect(compared[0]).toMatchObject({ slice: 'class 1', comparison: { variant: 0 } });
  expect(compared.reduce((sum, { samples }) => sum + samples, 0)).toBe(900);
});

test('alpha is shared between the slices', () => {
  const slices = baseline.ids.map((_, sample) => `part ${sample % 3}`);
  for (const { comparison } of compareSlices(request, slices))
    expect(comparison?.interval?.level).toBeCloseTo(0.98, 12);
});

test('a slice on which the metric is undefined goes last, without a verdict', () => {
  const auc = taskMetric('roc-auc', 'classification');
  const slices = Array.from(baseline.expected, (label) => (label === 0 ? 'only one class' : 'two classes'));
  const binary = { ...baseline, labels: ['a', 'b', 'c'] };
  const compared = compareSlices({ ...request, metric: auc, baseline: binary, variant: binary }, slices);
  expect(compared.at(-1)).toMatchObject({ slice: 'only one class', comparison: null });
});

test('values have no classes to slice by', () => {
  expect(classSlices(drawValues({ samples: 2, noise: 0 }))).toBeNull();
});
