import { expect, test } from 'vitest';
import { choose, frontierOf, type Candidate } from '../../../runners/optimize/choose.ts';
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

test('the frontier holds what no other one beats in cost and quality, by estimates and whether it is chosen or not', () => {
  expect(frontierOf(all, 'latency')).toEqual([unsure]);
  expect(frontierOf([fast, fair, small], 'latency')).toEqual([fast, fair]);
  expect(frontierOf([fast, fair, small], 'size')).toEqual([fast, small, fair]);
});
