import { textsOf } from '../../../core/ids.ts';
import { expect, test } from 'vitest';
import { classSlices, compareSlices } from '../../../tasks/compare/compare-slices.ts';
import { drawClasses, drawValues } from './draw-predictions.ts';
import { takeSamples } from '../../../tasks/compare/take-samples.ts';
import { taskMetric } from './task-metrics.ts';

const accuracy = taskMetric('accuracy', 'classification');
const baseline = drawClasses({ samples: 900, noise: 0 });
/** Right everywhere but on class 1, where it says class 2. */
const variant = {
  ...baseline,
  predicted: baseline.predicted.map((label, sample) => (baseline.expected[sample] === 1 ? 2 : label)),
};
const margin = { kind: 'absolute', value: 0.05 } as const;
const request = { metric: accuracy, baseline, variant, margin, alpha: 0.06, seed: 1 };
const classes = classSlices(baseline) ?? [];
const parts = textsOf(baseline.ids).map((_, sample) => `part ${sample % 3}`);

test('the slice that lost comes first and regressed, the others pass', () => {
  const compared = compareSlices(request, [classes]);
  expect(compared.map(({ comparison }) => comparison?.verdict)).toEqual(['regressed', 'pass', 'pass']);
  expect(compared[0]).toMatchObject({ slice: 'class 1', comparison: { variant: 0 } });
  expect(compared.reduce((sum, { samples }) => sum + samples, 0)).toBe(900);
});

test('all slices share alpha whatever their column, and those decided leave their share to the rest', () => {
  const levelsOf = (columns: string[][]): (number | undefined)[] =>
    compareSlices(request, columns).map(({ comparison }) => comparison?.interval?.level);
  for (const level of levelsOf([classes])) expect(level).toBeCloseTo(0.98, 12);
  const both = levelsOf([classes, parts]);
  expect(both[0]).toBeCloseTo(0.99, 12);
  expect(Math.min(...both.map((level) => level ?? 0))).toBeGreaterThan(0.979);
});

test('the worst of all columns comes first', () => {
  const losses = compareSlices(request, [parts, classes]).map(
    ({ comparison }) => -(comparison?.difference ?? 0),
  );
  expect(losses).toHaveLength(6);
  expect(losses).toEqual(losses.toSorted((first, second) => second - first));
});

test('a slice of one sample decides nothing, even where its outputs are the same', () => {
  const few = [baseline, { ...baseline, probabilities: null }].map((one) =>
    takeSamples(
      one,
      Int32Array.from({ length: 12 }, (_, sample) => sample),
    ),
  );
  for (const one of few) {
    const compared = compareSlices({ ...request, baseline: one, variant: { ...one } }, [textsOf(one.ids)]);
    expect(compared).toHaveLength(12);
    for (const { comparison } of compared) expect(comparison?.verdict).toBe('inconclusive');
  }
});

test('a slice on which the metric is undefined goes last, without a verdict', () => {
  const auc = taskMetric('roc-auc', 'classification');
  const slices = Array.from(baseline.expected, (label) => (label === 0 ? 'only one class' : 'two classes'));
  const binary = { ...baseline, labels: ['a', 'b', 'c'] };
  const compared = compareSlices({ ...request, metric: auc, baseline: binary, variant: binary }, [slices]);
  expect(compared.at(-1)).toMatchObject({ slice: 'only one class', comparison: null });
});

test('values have no classes to slice by', () => {
  expect(classSlices(drawValues({ samples: 2, noise: 0 }))).toBeNull();
});
