import { expect, test } from 'vitest';
import { choose, paretoNames, type Candidate, type Served } from '../../../runners/optimize/choose.ts';
import type { Comparison } from '../../../tasks/compare/comparison.ts';

interface Figures {
  accuracy: number;
  verdict: Comparison['verdict'];
  sizeBytes: number;
  p50Ms: number | null;
}

function candidate(name: string, { accuracy, verdict, sizeBytes, p50Ms }: Figures): Candidate {
  const variant = { name, isBaseline: false, sha256: null, sizeBytes, gzipBytes: null, passes: [] };
  const predictions = { kind: 'regression', ids: [] } as never;
  return {
    variant,
    tried: { variant, path: `${name}.onnx`, leftOut: [], predictions },
    comparison: {
      ...{ metric: 'accuracy', label: 'Accuracy', unit: '', direction: 'higher-is-better', baseline: 0.95 },
      ...{
        variant: accuracy,
        difference: accuracy - 0.95,
        interval: null,
        margin: 0.01,
        neededSamples: null,
      },
      ...{ verdict, reason: '' },
    },
    time: p50Ms === null ? null : { p50Ms, latency: null, reason: null },
  };
}

const fast = candidate('fast', { accuracy: 0.9, verdict: 'regressed', sizeBytes: 10, p50Ms: 1 });
const fair = candidate('fair', { accuracy: 0.95, verdict: 'pass', sizeBytes: 30, p50Ms: 2 });
const small = candidate('small', { accuracy: 0.948, verdict: 'improved', sizeBytes: 20, p50Ms: 3 });
const unsure = candidate('unsure', { accuracy: 0.96, verdict: 'inconclusive', sizeBytes: 5, p50Ms: 0.5 });
const untimed = candidate('untimed', { accuracy: 0.95, verdict: 'pass', sizeBytes: 15, p50Ms: null });
const all = [fast, fair, small, unsure, untimed];

test('the cheapest is chosen among those whose loss is proven to be tolerated, whatever others promise', () => {
  expect(choose(all, 'latency')).toBe(fair);
  expect(choose(all, 'size')).toBe(untimed);
  expect(choose([fast, unsure], 'size')).toBeNull();
});

/** The model itself: nothing is as good. */
const baseline: Served = (({ variant, time }) => ({ variant, time }))(
  candidate('fp32', { accuracy: 0.95, verdict: 'pass', sizeBytes: 100, p50Ms: 4 }),
);

test('the Pareto set holds what no other one beats in latency, quality and size, by estimates and whether it holds or not', () => {
  expect(paretoNames([fast, fair, small], baseline, 'latency')).toEqual(['fast', 'fair', 'small']);
  expect(paretoNames(all, baseline, 'latency')).toEqual(['unsure']);
});

test('without times the set is of size and quality, and one whose figures are not known is left out', () => {
  expect(paretoNames([fast, fair, small], baseline, 'size')).toEqual(['fast', 'small', 'fair']);
  const poor = candidate('poor', { accuracy: 0.9, verdict: 'pass', sizeBytes: 1, p50Ms: null });
  expect(paretoNames([poor, fair], baseline, 'latency')).toEqual(['fair']);
  expect(paretoNames([{ ...fair, comparison: null }], baseline, 'latency')).toEqual([]);
});

test('the baseline is of the set where each variant is worse in quality', () => {
  expect(paretoNames([fast, small], baseline, 'latency')).toEqual(['fast', 'small', 'fp32']);
});
