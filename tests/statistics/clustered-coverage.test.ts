import { expect, test } from 'vitest';
import type { Clusters } from '../../core/samples.ts';
import { createRandom, type Random } from '../../core/random.ts';
import { normalCdf, normalQuantile } from '../../core/statistics/normal.ts';
import type { Interval } from '../../core/verdict.ts';
import { comparisonAt } from '../../tasks/compare/compare-predictions.ts';
import { metricInterval } from '../../tasks/compare/metric-interval.ts';
import type {
  ClassificationPredictions,
  Predictions,
  RegressionPredictions,
} from '../../tasks/predictions.ts';
import { taskMetric } from '../tasks/compare/task-metrics.ts';

const [patients, perPatient] = [40, 10];
const samples = patients * perPatient;
const ids = Array.from({ length: samples }, (_, index) => `s${index}`);
const clusters: Clusters = {
  by: 'patient',
  names: ids.map((_, index) => `p${Math.floor(index / perPatient)}`),
};

/** One standard normal a sample, with this correlation between the samples of a patient. */
function drawCorrelated(random: Random, correlation: number): number[] {
  const shared = Array.from({ length: patients }, () => random.normal());
  return ids.map(
    (_, index) =>
      Math.sqrt(correlation) * (shared[Math.floor(index / perPatient)] ?? 0) +
      Math.sqrt(1 - correlation) * random.normal(),
  );
}

interface Simulation<P extends Predictions> {
  runs: number;
  truth: number;
  draw: (random: Random) => readonly P[];
  interval: (predictions: readonly P[]) => Interval | null | undefined;
}

/** How often the interval holds the truth, and how often the one that takes samples as independent does. */
function coverages<P extends Predictions>({
  runs,
  truth,
  draw,
  interval,
}: Simulation<P>): {
  clustered: number;
  naive: number;
} {
  const random = createRandom(11);
  const held = { clustered: 0, naive: 0 };
  for (let run = 0; run < runs; run++) {
    const drawn = draw(random);
    if (holds(interval(drawn.map((one) => ({ ...one, clusters }))), truth)) held.clustered++;
    if (holds(interval(drawn), truth)) held.naive++;
  }
  return { clustered: held.clustered / runs, naive: held.naive / runs };
}

function holds(interval: Interval | null | undefined, truth: number): boolean {
  return interval != null && interval.low <= truth && truth <= interval.high;
}

/** Two labels at random, predicted right where told. */
function labelled(random: Random, isRight: readonly boolean[]): ClassificationPredictions {
  const expected = Int32Array.from(ids, () => random.below(2));
  return answers(expected, isRight);
}

function answers(expected: Int32Array, isRight: readonly boolean[]): ClassificationPredictions {
  const predicted = expected.map((label, index) => (isRight[index] === true ? label : 1 - label));
  const probabilities = Float64Array.from({ length: 2 * samples }, (_, cell) =>
    predicted[cell >> 1] === cell % 2 ? 0.9 : 0.1,
  );
  return { kind: 'classification', ids, labels: ['no', 'yes'], expected, predicted, probabilities };
}

/** Predictions of 0 whose squared errors are these. */
function withErrors(squared: readonly number[]): RegressionPredictions {
  const predicted = Float64Array.from(squared, (error) => Math.sqrt(Math.max(0, error)));
  return { kind: 'regression', ids, expected: new Float64Array(samples), predicted };
}

const ofMetric =
  (id: string) =>
  ([predictions]: readonly Predictions[]): Interval | null => {
    if (predictions === undefined) throw new Error('no predictions');
    return metricInterval(taskMetric(id, predictions.kind), predictions, { level: 0.95, seed: 1 }).interval;
  };

const ofDifference =
  (id: string) =>
  ([baseline, variant]: readonly Predictions[]): Interval | null | undefined => {
    if (baseline === undefined || variant === undefined) throw new Error('no predictions');
    const metric = taskMetric(id, baseline.kind);
    const margin = { kind: 'absolute', value: 0.02 } as const;
    return comparisonAt({ metric, baseline, variant, margin, seed: 1 })?.(0.05).interval;
  };

const fourInFive = normalQuantile(0.8);

const simulations: [name: string, Simulation<Predictions>][] = [
  [
    'accuracy',
    {
      runs: 1000,
      truth: 0.8,
      draw: (random) => {
        const isRight = drawCorrelated(random, 0.5).map((one) => one < fourInFive);
        return [labelled(random, isRight)];
      },
      interval: ofMetric('accuracy'),
    },
  ],
  [
    'mean squared error',
    {
      runs: 1000,
      truth: 1,
      draw: (random) => [withErrors(drawCorrelated(random, 0.5).map((one) => 1 + 0.2 * one))],
      interval: ofMetric('mse'),
    },
  ],
  [
    'area under the ROC curve',
    {
      runs: 300,
      truth: normalCdf(1 / Math.SQRT2),
      draw: (random) => {
        const expected = Int32Array.from(ids, (_, index) => Math.floor(index / perPatient) % 2);
        const scores = drawCorrelated(random, 0.5).map((one, index) => one + (expected[index] ?? 0));
        const probabilities = Float64Array.from(
          scores.flatMap((score) => [1 - logistic(score), logistic(score)]),
        );
        return [{ ...labelled(random, []), expected, probabilities }];
      },
      interval: ofMetric('roc-auc'),
    },
  ],
  [
    'a difference of accuracies',
    { runs: 500, truth: -0.05, draw: drawFlips, interval: ofDifference('accuracy') },
  ],
  [
    'a difference of macro F1',
    { runs: 100, truth: -0.05, draw: drawFlips, interval: ofDifference('f1-macro') },
  ],
  [
    'a difference of mean squared errors',
    {
      runs: 500,
      truth: 0,
      draw: (random) => [
        withErrors(ids.map(() => 1)),
        withErrors(drawCorrelated(random, 0.5).map((one) => 1 + 0.2 * one)),
      ],
      interval: ofDifference('mse'),
    },
  ],
];

/** A baseline that is right on nine samples of ten, and a variant on 85 of 100, by one latent number a sample. */
function drawFlips(random: Random): readonly Predictions[] {
  const flips = drawCorrelated(random, 0.5);
  const [lost, gained] = [normalQuantile(0.15), normalQuantile(0.9)];
  const baseline = labelled(
    random,
    flips.map((one) => one < gained),
  );
  const isRight = flips.map((one) => one > lost);
  return [baseline, answers(baseline.expected, isRight)];
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

const halfPoint = 0.005;

test.each(simulations)(
  '%s of samples of 40 patients is covered, and is not where these pass for independent',
  (_, simulation) => {
    const { clustered, naive } = coverages(simulation);
    expect(clustered).toBeGreaterThanOrEqual(0.95 - halfPoint);
    expect(naive).toBeLessThan(0.8);
  },
);
