import { textsOf } from '../../../core/ids.ts';
import { expect, test } from 'vitest';
import { qualityComparisonSchema } from '../../../results/quality-schema.ts';
import {
  comparePredictions,
  comparisonAt,
  type ComparisonRequest,
  withTest,
} from '../../../tasks/compare/compare-predictions.ts';
import type { Comparison } from '../../../tasks/compare/comparison.ts';
import { furtherSamples } from '../../../tasks/compare/further-samples.ts';
import type { TaskKind } from '../../../core/task-kind.ts';
import type { ClassificationPredictions, Predictions } from '../../../tasks/predictions.ts';
import { takeSamples } from '../../../tasks/compare/take-samples.ts';
import { drawClasses, drawRankings, drawSets, drawTags, drawTexts, drawValues } from './draw-predictions.ts';
import { taskMetric, taskMetricIds } from './task-metrics.ts';

/** Hits and misses as predictions of two classes: `lost` and `gained` samples differ. */
function hits(
  samples: number,
  { lost = 0, gained = 0 },
): [ClassificationPredictions, ClassificationPredictions] {
  const from = (isRight: (sample: number) => boolean, confidence: number): ClassificationPredictions => {
    const rows = Array.from({ length: samples }, (_, sample) =>
      isRight(sample) ? [confidence, 1 - confidence] : [1 - confidence, confidence],
    );
    return {
      kind: 'classification',
      ids: rows.map((_, sample) => `s${sample}`),
      labels: ['right', 'wrong'],
      expected: new Int32Array(samples),
      predicted: Int32Array.from(rows, (_, sample) => (isRight(sample) ? 0 : 1)),
      probabilities: Float64Array.from(rows.flat()),
    };
  };
  const isGained = (sample: number): boolean => sample >= lost && sample < lost + gained;
  return [from((sample) => !isGained(sample), 0.9), from((sample) => sample >= lost, 0.8)];
}

function compare(
  id: string,
  [baseline, variant]: readonly [Predictions, Predictions],
  change: Partial<ComparisonRequest> = {},
): Comparison {
  const metric = taskMetric(id, baseline.kind);
  const margin = { kind: 'absolute', value: 0.02 } as const;
  const judged = comparisonAt({ metric, baseline, variant, margin, seed: 1, ...change })?.(0.05);
  if (judged === undefined) throw new Error(`${id} is undefined`);
  return judged;
}

const drawOf = {
  classification: drawClasses,
  regression: drawValues,
  multilabel: drawSets,
  ranking: drawRankings,
  tagging: drawTags,
  generation: drawTexts,
} as const;
const kinds = Object.keys(drawOf) as TaskKind[];

test('15 lost and 5 gained of 1000 pass a margin of two points nearly, and the reason says so', () => {
  const comparison = compare('accuracy', hits(1000, { lost: 15, gained: 5 }));
  expect(comparison).toMatchObject({ baseline: 0.995, variant: 0.985, verdict: 'inconclusive' });
  expect(comparison.interval?.method).toBe('tango (corrected)');
  expect(comparison.reason).toMatchInlineSnapshot(
    `"The loss is 0.01, 95 % interval 0.000541 to 0.0205: it is a loss, and holds values on both sides of the margin of 0.02. It lost 15 and gained 5 of 1000 samples."`,
  );
});

test.each([
  ['pass', { lost: 2, gained: 1 }],
  ['regressed', { lost: 60, gained: 5 }],
  ['improved', { lost: 2, gained: 20 }],
  ['inconclusive', { lost: 18, gained: 6 }],
] as const)('the verdict is %s for %o of 1000', (verdict, flips) => {
  expect(compare('accuracy', hits(1000, flips)).verdict).toBe(verdict);
});

test('the samples an inconclusive comparison asks for decide it, if they are like those it has', () => {
  const few = compare('accuracy', hits(400, { lost: 8, gained: 4 }));
  expect(few.verdict).toBe('inconclusive');
  const factor = Math.ceil((400 + (few.neededSamples ?? 0)) / 400);
  expect(factor).toBeLessThan(20);
  expect(compare('accuracy', hits(400 * factor, { lost: 8 * factor, gained: 4 * factor })).verdict).toBe(
    'pass',
  );
});

test('nothing is asked for where a verdict stands', () => {
  expect(compare('accuracy', hits(1000, { lost: 2 })).neededSamples).toBeNull();
});

test('no number of samples decides a loss that lies on the margin', () => {
  const undecided = {
    ...{ interval: { low: -1, high: 5, level: 0.95, method: 'test' }, margin: 2, level: 0.95 },
    format: String,
  };
  const end = { growth: 0, samplesToTrust: null };
  const ends = { ends: { low: end, high: end }, samples: 100, samplesToBegin: null };
  expect(furtherSamples({ ...undecided, estimate: 2 }, ends)).toBeNull();
  expect(furtherSamples({ ...undecided, estimate: 2 - 1e-9 }, ends)).toBeNull();
  expect(furtherSamples({ ...undecided, estimate: 1 }, ends)).toBeGreaterThan(100);
});

test('numbers that are identical to the last bit pass without a margin, whatever the metric', () => {
  for (const kind of kinds.filter((one) => one !== 'tagging'))
    for (const id of taskMetricIds(kind)) {
      const baseline = drawOf[kind]({ samples: 40, noise: 0 });
      const metric = taskMetric(id, kind);
      const margin = { kind: 'absolute', value: 0 } as const;
      const comparison = comparePredictions({
        metric,
        baseline,
        variant: { ...baseline },
        margin,
        alpha: 0.05,
        seed: 1,
      });
      if (comparison === null) continue;
      expect(comparison, id).toMatchObject({ difference: 0, verdict: 'pass', interval: { low: 0, high: 0 } });
      expect(comparison.reason, id).toContain('Every output equals the baseline to the last bit.');
    }
});

const textsAlone = drawTexts({ samples: 40, noise: 0 });
const classes = drawClasses({ samples: 40, noise: 0 });
const oneHot = Float64Array.from({ length: 120 }, (_, cell) =>
  Number(classes.predicted[Math.floor(cell / 3)] === cell % 3),
);

test.each<[string, string, Predictions]>([
  ['tags', 'entity-f1-micro', drawTags({ samples: 40, noise: 0 })],
  ['labels', 'accuracy', { ...classes, probabilities: null }],
  ['labels', 'f1-macro', { ...classes, probabilities: null }],
  ['probabilities of 0 and 1', 'brier', { ...classes, probabilities: oneHot }],
  ['texts', 'bleu', { ...textsAlone, negativeLogLikelihood: new Float64Array(40).fill(NaN) }],
  [
    'numbers of nine samples',
    'accuracy',
    takeSamples(
      classes,
      Int32Array.from({ length: 9 }, (_, i) => i),
    ),
  ],
])('%s that are identical are no proof of an equal %s on others', (_, id, baseline) => {
  const margin = { kind: 'absolute', value: 0.01 } as const;
  const comparison = compare(id, [baseline, { ...baseline }], { margin });
  expect(comparison).toMatchObject({ difference: 0, verdict: 'inconclusive' });
  expect(comparison.interval).not.toMatchObject({ low: 0, high: 0 });
});

test('classes that agree on few samples are no proof that they agree on all', () => {
  const comparison = compare('accuracy', hits(100, {}));
  expect(comparison).toMatchObject({ difference: 0, verdict: 'inconclusive' });
  // 3.84 / 0.02 samples without a flip rule out a loss of two points; some more leave room for a few.
  expect(comparison.neededSamples).toBeGreaterThan(92);
  expect(comparison.neededSamples).toBeLessThan(250);
  expect(compare('accuracy', hits(400, {})).verdict).toBe('pass');
});

test('a lower error is a gain, a higher one a loss', () => {
  const [near, far] = [drawValues({ samples: 200, noise: 0 }), drawValues({ samples: 200, noise: 2 })];
  for (const id of ['mse', 'rmse', 'mae']) {
    expect(compare(id, [near, far]).verdict).toBe('regressed');
    expect(compare(id, [far, near]).verdict).toBe('improved');
  }
  expect(compare('r2', [near, far]).verdict).toBe('regressed');
});

test("a relative margin is a share of the baseline's value", () => {
  const pair = [drawValues({ samples: 50, noise: 0 }), drawValues({ samples: 50, noise: 0.1 })] as const;
  const comparison = compare('rmse', pair, { margin: { kind: 'relative', value: 0.1 } });
  expect(comparison.margin).toBeCloseTo(0.1 * comparison.baseline, 12);
});

/** Resampling takes long; one metric of each way that those of labels are averaged stands for the rest. */
function resampledIds(kind: TaskKind): string[] {
  const ids = taskMetricIds(kind);
  return kind === 'multilabel' ? ids.filter((id) => /^(hamming|lrap|f1|roc-auc)/.test(id)) : ids;
}

test('the interval of the difference holds it, in the unit of the metric', () => {
  for (const kind of kinds) {
    const draw = drawOf[kind];
    const pair = [draw({ samples: 60, noise: 0 }), draw({ samples: 60, noise: 0.1 })] as const;
    for (const id of resampledIds(kind)) {
      const metric = taskMetric(id, kind);
      const [before, after] = pair.map((predictions) => metric.compute(predictions).value);
      if (before == null || after == null) continue;
      const { interval, difference } = compare(id, pair);
      expect(difference, id).toBeCloseTo(after - before, 12);
      if (id === 'max-error') continue;
      expect(interval?.low, id).toBeLessThanOrEqual(difference);
      expect(interval?.high, id).toBeGreaterThanOrEqual(difference);
    }
  }
});

test.each([1, 2])('every metric survives %i samples and gives what a record can hold', (samples) => {
  for (const kind of kinds)
    for (const id of taskMetricIds(kind)) {
      const draw = drawOf[kind];
      const request = {
        metric: taskMetric(id, kind),
        baseline: draw({ samples, noise: 0 }),
        variant: draw({ samples, noise: 0.5 }),
        margin: { kind: 'absolute', value: 0.02 } as const,
        seed: 1,
      };
      const comparison = withTest(comparePredictions({ ...request, alpha: 0.05 }), request);
      if (comparison !== null) expect(qualityComparisonSchema.parse(comparison), id).toEqual(comparison);
    }
});

test('the same seed gives the same comparison, another one other resamples', () => {
  const pair = [drawValues({ samples: 80, noise: 0 }), drawValues({ samples: 80, noise: 0.3 })] as const;
  expect(compare('median-ae', pair)).toEqual(compare('median-ae', pair));
  expect(compare('median-ae', pair, { seed: 2 }).interval).not.toEqual(compare('median-ae', pair).interval);
});

/** Two labels that 30 samples each rank without a mistake, with outputs that differ by their confidence. */
function perfectRanking(confidence: number): ClassificationPredictions {
  const expected = Int32Array.from({ length: 60 }, (_, sample) => sample % 2);
  const rows = Array.from(expected, (label) => [1, 0].map((other) => Math.abs(label - other)));
  return {
    kind: 'classification',
    ids: rows.map((_, sample) => `s${sample}`),
    labels: ['no', 'yes'],
    expected,
    predicted: expected,
    probabilities: Float64Array.from(rows.flat(), (right) => 0.5 + (right - 0.5) * confidence),
  };
}

test.each(['roc-auc', 'roc-auc-partial@0.1', 'average-precision'])(
  '%s of two rankings that are alike leaves room for swaps that no sample shows',
  (id) => {
    const pair = [perfectRanking(0.9), perfectRanking(0.8)] as const;
    const margin = (value: number) => ({ margin: { kind: 'absolute', value } as const });
    const few = compare(id, pair, margin(0.05));
    expect(few).toMatchObject({ difference: 0, verdict: 'inconclusive' });
    expect(few.neededSamples).toBeGreaterThan(10);
    expect(compare(id, pair, margin(0.5)).verdict).toBe('pass');
    const size = (60 + (few.neededSamples ?? 0)) / 60;
    const more = pair.map((one) => repeated(one, Math.ceil(size))) as [Predictions, Predictions];
    expect(compare(id, more, margin(0.05)).verdict).toBe('pass');
  },
);

/** As many more samples like these. */
function repeated(predictions: ClassificationPredictions, times: number): Predictions {
  const { length } = predictions.ids;
  const indices = Int32Array.from({ length: times * length }, (_, index) => index % length);
  return { ...takeSamples(predictions, indices), ids: Array.from(indices, (_, index) => `s${index}`) };
}

test('every metric of a variant that decides and ranks alike passes on enough samples', () => {
  const baseline = drawClasses({ samples: 3000, noise: 0, classes: 2 });
  const squared = (p: number): number => p ** 2 / (p ** 2 + (1 - p) ** 2);
  const variant = { ...baseline, probabilities: baseline.probabilities.map(squared) };
  for (const id of taskMetricIds('classification')) {
    const metric = taskMetric(id, 'classification');
    if (metric.reads === 'values') continue;
    expect(compare(id, [baseline, variant]).verdict, id).toBe('pass');
  }
});

test('errors that all grow alike decide nothing either', () => {
  const baseline = drawValues({ samples: 40, noise: 0 });
  const variant = { ...baseline, predicted: baseline.expected.map((value) => value + 1) };
  const exact = { ...baseline, predicted: baseline.expected };
  expect(compare('mae', [exact, variant])).toMatchObject({ interval: null, verdict: 'inconclusive' });
});

test('a median that resamples never move decides nothing, though an output changed', () => {
  const baseline = drawValues({ samples: 60, noise: 0 });
  const around = baseline.expected.map((value, sample) => value + (sample % 3) / 10);
  const changed = around.map((value, sample) => (sample === 5 ? 1000 : value));
  const pair = [around, changed].map((predicted) => ({ ...baseline, predicted }));
  const margin = { kind: 'absolute', value: 0 } as const;
  const comparison = compare('median-ae', pair as [Predictions, Predictions], { margin });
  expect(comparison).toMatchObject({ interval: null, verdict: 'inconclusive' });
  expect(comparison.reason).toContain('nothing tells how far others would differ');
});

test('differences that are the rounding noise of a sum decide nothing', () => {
  const baseline = drawValues({ samples: 60, noise: 0 });
  const at = (error: number) => ({ ...baseline, predicted: baseline.expected.map((value) => value + error) });
  const margin = { kind: 'absolute', value: 0 } as const;
  expect(compare('mae', [at(0.1), at(-0.1)], { margin })).toMatchObject({ interval: null });
});

/** Metrics of values whose differences are beyond all numbers where one of them is so large. */
const withoutInterval: Readonly<Record<number, readonly string[]>> = {
  1e60: ['r2', 'explained-variance', 'mse'],
  1e100: ['r2', 'explained-variance', 'mse'],
  1e153: ['r2', 'explained-variance', 'mse', 'mae'],
};

test.each([1e60, 1e100, 1e153])('a prediction of %f gives what a record can hold, with a reason', (huge) => {
  const baseline = drawValues({ samples: 40, noise: 0 });
  const predicted = baseline.predicted.map((value, sample) => (sample === 5 ? huge : value));
  const tooLarge = ['r2', 'explained-variance', 'mse', 'mae', 'median-ae'].filter((id) => {
    const variant = { ...baseline, predicted };
    const margin = { kind: 'absolute', value: 0.02 } as const;
    const request = { metric: taskMetric(id, 'regression'), baseline, variant, margin, seed: 1 };
    const comparison = withTest(comparePredictions({ ...request, alpha: 0.05 }), request);
    expect(qualityComparisonSchema.parse(comparison), id).toEqual(comparison);
    return comparison?.interval === null && comparison.reason.includes('too large');
  });
  expect(tooLarge).toEqual(withoutInterval[huge]);
});

test('an error that is new is lost, not gained', () => {
  const pair = hits(1000, { lost: 15, gained: 5 });
  const loss = compare('hamming-loss', pair);
  expect(loss.reason).toContain('It lost 15 and gained 5 of 1000 samples');
  expect(loss.difference).toBeCloseTo(0.01, 12);
  const { interval } = compare('accuracy', pair);
  expect(loss.interval?.low).toBeCloseTo(-(interval?.high ?? NaN), 12);
  expect(loss.interval?.high).toBeCloseTo(-(interval?.low ?? NaN), 12);
});

test('the largest error has no interval and decides nothing', () => {
  const pair = [drawValues({ samples: 200, noise: 0 }), drawValues({ samples: 200, noise: 0.1 })] as const;
  const comparison = compare('max-error', pair, { margin: { kind: 'absolute', value: 100 } });
  expect(comparison).toMatchObject({ interval: null, verdict: 'inconclusive', neededSamples: null });
  expect(comparison.reason).toContain('the bootstrap of a maximum is inconsistent');
});

test('few samples or clusters decide nothing but shares of hits', () => {
  const margin = { kind: 'absolute', value: 100 } as const;
  const drawn = (samples: number): [Predictions, Predictions] => [
    drawValues({ samples, noise: 0 }),
    drawValues({ samples, noise: 0.1 }),
  ];
  const few = compare('mse', drawn(29), { margin });
  expect(few).toMatchObject({ interval: null, verdict: 'inconclusive', neededSamples: 1 });
  expect(few.reason).toBe('An interval of this metric takes 30 samples; there are 29.');
  expect(compare('mse', drawn(30), { margin }).verdict).toBe('pass');
  const inClusters = (predictions: Predictions): Predictions => ({
    ...predictions,
    clusters: { by: 'patient', names: textsOf(predictions.ids).map((_, index) => `p${index % 29}`) },
  });
  const [before, after] = drawn(290);
  expect(compare('mse', [inClusters(before), inClusters(after)], { margin }).reason).toContain(
    'takes 30 clusters; there are 29',
  );
});

test('a metric that is undefined on either side is not compared', () => {
  const oneClass = { ...drawClasses({ samples: 9, noise: 0 }), expected: new Int32Array(9) };
  const metric = taskMetric('roc-auc', 'classification');
  const margin = { kind: 'absolute', value: 0.02 } as const;
  expect(
    comparePredictions({ metric, baseline: oneClass, variant: oneClass, margin, alpha: 0.05, seed: 1 }),
  ).toBeNull();
});

test('weighted samples are left out one by one, as no score interval takes weights', () => {
  const weights = Float64Array.from({ length: 60 }, (_, sample) => 1 + (sample % 3));
  const pair = [0, 0.5].map((noise) => ({ ...drawClasses({ samples: 60, noise }), weights })) as [
    Predictions,
    Predictions,
  ];
  for (const id of ['accuracy', 'roc-auc', 'log-loss', 'f1-macro'])
    expect(compare(id, pair).interval?.method).toMatch(/^jackknife skew-adjusted t/);
});

test('predictions of other samples are a bug of the caller', () => {
  const [baseline, variant] = [drawValues({ samples: 3, noise: 0 }), drawValues({ samples: 4, noise: 0 })];
  expect(() => compare('mse', [baseline, variant])).toThrow(
    'internal: baseline and variant were not predicted',
  );
});
