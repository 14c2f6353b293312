import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { comparePredictions, type ComparisonRequest } from '../../../tasks/compare/compare-predictions.ts';
import { compareTogether } from '../../../tasks/compare/compare-together.ts';
import { metricById } from '../../../tasks/metrics/registry.ts';
import type { TaskKind } from '../../../core/task-kind.ts';
import type { ClassificationPredictions } from '../../../tasks/predictions.ts';

const samples = 400;
const labels = ['no', 'yes'];

/** Typed for any task, as a request wants it. */
function accuracyOf(task: TaskKind): ComparisonRequest['metric'] {
  return metricById('accuracy', task);
}

/** Predictions that are wrong on the first `wrong` samples of a seeded order, and otherwise right. */
function predictions(wrong: number, seed = 1): ClassificationPredictions {
  const order = createRandom(seed).shuffle(Array.from({ length: samples }, (_, index) => index));
  const isWrong = new Set(order.slice(0, wrong));
  const predicted = Int32Array.from({ length: samples }, (_, index) => (isWrong.has(index) ? 1 : 0));
  const probabilities = Float64Array.from({ length: samples * 2 }, (_, index) =>
    predicted[Math.floor(index / 2)] === index % 2 ? 0.9 : 0.1,
  );
  const ids = Array.from({ length: samples }, (_, index) => String(index));
  return { kind: 'classification', ids, labels, expected: new Int32Array(samples), predicted, probabilities };
}

function request(variant: ClassificationPredictions): ComparisonRequest {
  const metric = accuracyOf('classification');
  return {
    metric,
    baseline: predictions(20),
    variant,
    margin: { kind: 'absolute', value: 0.02 },
    alpha: 0.05,
    seed: 1,
  };
}

test('one variant is judged as it is alone', () => {
  const one = request(predictions(60, 2));
  expect(compareTogether([one], 0.05)).toEqual([comparePredictions(one)]);
});

test('the first of several is judged at a stricter level', () => {
  const [first] = compareTogether(
    [2, 3, 4].map((seed) => request(predictions(120, seed))),
    0.05,
  );
  expect(first?.verdict).toBe('regressed');
  expect(first?.interval?.level).toBeCloseTo(1 - 0.05 / 3, 12);
});

test('what is decided leaves its share of alpha to the rest', () => {
  const [clear, unclear] = compareTogether([request(predictions(120, 2)), request(predictions(26, 3))], 0.05);
  expect(clear?.interval?.level).toBeCloseTo(0.975, 12);
  expect(unclear?.verdict).toBe('inconclusive');
  expect(unclear?.interval?.level).toBeCloseTo(0.95, 12);
});

test('where nothing can be decided, all stay at the strictest level', () => {
  const all = compareTogether([request(predictions(26, 3)), request(predictions(27, 4))], 0.05);
  expect(all.map((one) => one?.verdict)).toEqual(['inconclusive', 'inconclusive']);
  for (const one of all) expect(one?.interval?.level).toBeCloseTo(0.975, 12);
});

test('no variants need no judging', () => {
  expect(compareTogether([], 0.05)).toEqual([]);
});
