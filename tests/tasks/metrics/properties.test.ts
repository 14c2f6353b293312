import type { TaskKind } from '../../../core/task-kind.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import type { Metric } from '../../../tasks/metric.ts';
import { sumOf } from '../../../tasks/metrics/sum.ts';
import type { Predictions } from '../../../tasks/predictions.ts';
import { differenceOf, tolerance } from '../../oracle/metrics/difference.ts';
import { drawnOf } from './drawn-samples.ts';
import { everyMetric } from './every-metric.ts';
import { holds } from './holds.ts';

const kinds = Object.keys(drawnOf) as TaskKind[];
/** Kinds whose samples may weigh differently. */
const weightedKinds = ['regression', 'classification', 'multilabel'] as const;

function expectSame(metric: Metric, one: Predictions, other: Predictions): void {
  const [found, expected] = [metric.compute(one).value, metric.compute(other).value];
  const difference = differenceOf(found, expected);
  expect(difference, `${metric.id} ${found} and ${expected}`).toBeLessThan(tolerance);
}

test.each(kinds)('a %s figure is a number within its range, or null with a reason', (kind) => {
  const metrics = everyMetric(kind);
  let [valued, absent] = [0, 0];
  holds(
    fc.property(drawnOf[kind], ({ rows, predictions }) => {
      for (const metric of metrics) {
        const { id, range } = metric;
        const { value, reason, doubts } = metric.compute(predictions(rows));
        if (value === null) {
          absent++;
          expect(reason, id).toMatch(/\w+ \w+/);
        } else {
          valued++;
          expect(reason, id).toBeNull();
          expect(value >= range[0] - 1e-9 && value <= range[1] + 1e-9, `${id} ${value}`).toBe(true);
        }
        for (const doubt of doubts) expect(doubt, id).toMatch(/\w+ \w+/);
      }
    }),
  );
  expect(valued).toBeGreaterThan(absent);
});

test.each(kinds)('the mean of %s sample scores is the metric', (kind) => {
  const metrics = everyMetric(kind).filter((metric) => metric.sampleScores !== undefined);
  expect(metrics.length > 0).toBe(kind !== 'tagging');
  holds(
    fc.property(drawnOf[kind], ({ rows, predictions }) => {
      const given = predictions(rows);
      for (const metric of metrics) {
        const { value } = metric.compute(given);
        const scores = metric.sampleScores?.(given);
        if (value === null || scores === undefined) continue;
        expect(scores.length).toBe(given.ids.length);
        expect(differenceOf(sumOf(scores) / scores.length, value), metric.id).toBeLessThan(tolerance);
      }
    }),
  );
});

test.each(['classification', 'generation'] as const)('what %s samples add up to is the metric', (kind) => {
  const metrics = everyMetric(kind).filter((metric) => metric.sampleSums !== undefined);
  expect(metrics).not.toEqual([]);
  holds(
    fc.property(drawnOf[kind], ({ rows, predictions }) => {
      const given = predictions(rows);
      for (const metric of metrics) {
        const { value } = metric.compute(given);
        const statistics = metric.sampleSums?.(given);
        if (value === null || statistics === undefined) continue;
        const sums = new Float64Array(statistics.width);
        for (const sample of given.ids.keys()) statistics.addTo(sums, 0, sample);
        expect(differenceOf(statistics.metricOf(sums), value), metric.id).toBeLessThan(tolerance);
      }
    }),
  );
});

test.each(kinds)('the order of %s samples changes no figure', (kind) => {
  const metrics = everyMetric(kind);
  holds(
    fc.property(drawnOf[kind], fc.integer(), ({ rows, predictions }, seed) => {
      const shuffled = [...rows];
      createRandom(seed >>> 0).shuffle(shuffled);
      for (const metric of metrics) expectSame(metric, predictions(shuffled), predictions(rows));
    }),
  );
});

test.each(weightedKinds)('a %s sample that weighs twice counts as two, and all alike as none', (kind) => {
  const metrics = everyMetric(kind).filter(({ id }) => !id.startsWith('roc-auc-ovo'));
  holds(
    fc.property(drawnOf[kind], fc.nat(), ({ rows, predictions }, which) => {
      const twice = which % rows.length;
      const weights = new Float64Array(rows.length).fill(1);
      weights[twice] = 2;
      const repeated = predictions([...rows, rows[twice]]);
      const alike = predictions(rows, new Float64Array(rows.length).fill(3));
      for (const metric of metrics) {
        expectSame(metric, predictions(rows, weights), repeated);
        expectSame(metric, alike, predictions(rows));
      }
    }),
  );
});

test.each(kinds)('perfect %s predictions have the best figure, or a doubt or a reason', (kind) => {
  // The first few cannot hold all of many relevant candidates, and nothing is as far below its floor as can be.
  const metrics = everyMetric(kind).filter(({ id }) => !/^(map|recall)@[13]$|floor/.test(id));
  let best = 0;
  holds(
    fc.property(drawnOf[kind], ({ rows, predictions }) => {
      const given = perfect(predictions(rows));
      for (const metric of metrics) {
        const { id, range, direction } = metric;
        const { value, doubts } = metric.compute(given);
        if (value === null || doubts.length > 0) continue;
        best++;
        expect(Math.abs(value - range[direction === 'lower-is-better' ? 0 : 1]), id).toBeLessThan(1e-9);
      }
    }),
  );
  expect(best).toBeGreaterThan(metrics.length * 20);
});

function perfect(given: Predictions): Predictions {
  switch (given.kind) {
    case 'classification': {
      const probabilities = new Float64Array(given.ids.length * given.labels.length);
      for (const [sample, label] of given.expected.entries())
        probabilities[sample * given.labels.length + label] = 1;
      return { ...given, predicted: given.expected, probabilities };
    }
    case 'multilabel':
      return { ...given, predicted: given.expected, scores: Float64Array.from(given.expected) };
    case 'ranking':
      return { ...given, scores: given.gains };
    case 'generation': {
      const losses = new Float64Array(given.ids.length);
      const likelihoods = { negativeLogLikelihood: losses, floorNegativeLogLikelihood: losses };
      return { ...given, ...likelihoods, generated: given.references };
    }
    case 'regression':
    case 'tagging':
      return { ...given, predicted: given.expected } as Predictions;
  }
}
