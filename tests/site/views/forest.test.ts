import { expect, test } from 'vitest';
import { differenceForest, speedUpForest } from '../../../site/views/forest.ts';
import { latencyComparison } from '../../fakes/latency-comparison.ts';
import { makeGroup, makeQuality, makeTimedVariant, makeVariant } from '../../fakes/stored-runs.ts';

const int8 = makeVariant({ name: 'int8', isBaseline: false });
const pairs = [0, 1, 2].map((process) => ({
  variant: 'int8',
  process,
  baselineMs: [2, 2, 8],
  variantMs: [1, 1, 8],
}));
const controls = [0, 1, 2].map((process) => ({ variant: 'again', process, baselineMs: [2], variantMs: [2] }));
const timesOf = (sides: typeof pairs): Parameters<typeof latencyComparison>[0] =>
  sides.map(({ baselineMs, variantMs }) => ({ baseline: baselineMs, variant: variantMs }));

const group = makeGroup({
  variants: [
    makeTimedVariant({ variant: makeVariant() }),
    makeTimedVariant({ variant: int8, latency: latencyComparison(timesOf(pairs)) }),
  ],
  control: latencyComparison(timesOf(controls)),
  pairs: [...pairs, ...controls],
});

test('a process is one dot: the median of its paired speed-ups', () => {
  const rows = speedUpForest(group, { withProcesses: true })?.rows;
  expect(rows?.map(({ label, dots }) => [label, dots])).toEqual([
    ['control: baseline against itself', [1, 1, 1]],
    ['int8', [2, 2, 2]],
  ]);
});

test('without processes the control is left out', () => {
  const rows = speedUpForest(group, { withProcesses: false })?.rows;
  expect(rows?.map(({ label, dots }) => [label, dots])).toEqual([['int8', []]]);
});

test('the limit of a slowdown lies left of no difference', () => {
  const forest = speedUpForest(group, { withProcesses: false });
  expect(forest?.limit).toBeCloseTo(1 / 1.05, 12);
  expect(forest?.axis.low).toBeLessThan(1);
});

test.each([
  ['higher-is-better', -0.02],
  ['lower-is-better', 0.02],
] as const)('the limit of a loss in a metric that is %s lies at %d', (direction, limit) => {
  const quality = [makeQuality({ direction, margin: 0.02 })];
  expect(differenceForest({ variants: [makeTimedVariant({ variant: int8, quality })] })?.limit).toBe(limit);
});

test('a figure out of all proportion is left out, and an interval that reaches there is dropped', () => {
  const infinite = { low: -1e300, high: 1e300, level: 0.95, method: '' };
  const variants = [
    makeTimedVariant({ variant: int8, quality: [makeQuality({ difference: 1e300 })] }),
    makeTimedVariant({ variant: { ...int8, name: 'wide' }, quality: [makeQuality({ interval: infinite })] }),
  ];
  expect(differenceForest({ variants })?.rows).toEqual([
    { label: 'wide', mark: 'pass', dots: [], value: -0.0022, interval: null },
  ]);
});
