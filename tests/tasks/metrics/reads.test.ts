import { expect, test } from 'vitest';
import type { Metric } from '../../../tasks/metric.ts';
import type { Predictions } from '../../../tasks/predictions.ts';
import { drawClasses, drawTexts, drawValues } from '../compare/draw-predictions.ts';
import { taskMetric, taskMetricIds } from '../compare/task-metrics.ts';

/** Predictions of each kind, the same without the evidence behind their decisions, and with scores that keep their order. */
const drawn: readonly { given: Predictions; decided: Predictions; ordered: Predictions }[] = [
  withoutEvidence(drawClasses({ samples: 60, noise: 0, classes: 2 })),
  withoutLikelihoods(drawTexts({ samples: 20, noise: 0 })),
];

function withoutEvidence(given: ReturnType<typeof drawClasses>) {
  const decided = { ...given, probabilities: given.probabilities.map(() => 0.5) };
  const squared = (p: number): number => p ** 2 / (p ** 2 + (1 - p) ** 2);
  return { given, decided, ordered: { ...given, probabilities: given.probabilities.map(squared) } };
}

function withoutLikelihoods(given: ReturnType<typeof drawTexts>) {
  const decided = { ...given, negativeLogLikelihood: given.negativeLogLikelihood.map(() => 0) };
  return { given, decided, ordered: given };
}

const readBy = (metric: Metric, { given, decided, ordered }: (typeof drawn)[number]): Metric['reads'] => {
  const value = metric.compute(given).value ?? NaN;
  const isKept = (other: Predictions): boolean =>
    Math.abs((metric.compute(other).value ?? NaN) - value) < 1e-12;
  if (isKept(decided)) return 'decisions';
  return given.kind === 'classification' && isKept(ordered) ? 'ranks' : 'values';
};

test('every metric reads of the outputs what it says', () => {
  for (const predictions of drawn) {
    const { kind } = predictions.given;
    for (const id of taskMetricIds(kind)) {
      const metric = taskMetric(id, kind);
      expect(readBy(metric, predictions), id).toBe(metric.reads);
    }
  }
});

test('metrics of values read them', () => {
  const values = drawValues({ samples: 20, noise: 0 });
  const shifted = { ...values, predicted: values.predicted.map((value) => value + 0.1 * value ** 2) };
  for (const id of taskMetricIds('regression')) {
    const metric = taskMetric(id, 'regression');
    expect(metric.reads, id).toBe('values');
    expect(metric.compute(shifted).value, id).not.toBe(metric.compute(values).value);
  }
});
