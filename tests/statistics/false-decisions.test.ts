import { expect, test } from 'vitest';
import { binaryPopulation, calibratedPopulation, classPopulation } from './simulation/class-populations.ts';
import { comparePredictions } from '../../tasks/compare/compare-predictions.ts';
import type { Predictions } from '../../tasks/predictions.ts';
import { createRandom, type Random } from '../../core/random.ts';
import { falseDecisions } from './simulation/false-decisions.ts';
import { idsOf, metricOf, type Population } from './simulation/population.ts';
import { valuePopulation } from './simulation/value-populations.ts';

const alpha = 0.05;
const [nominal, halfPoint] = [alpha / 2, 0.005];

interface Point {
  population: Population;
  metric: string;
  samples: number;
  runs: number;
}

/** A small part of the grid of `simulation/`, where methods that hold less often have failed. */
const points: readonly Point[] = [
  { population: valuePopulation('normal', 0.5), metric: 'mse', samples: 30, runs: 3000 },
  { population: valuePopulation('lognormal(1)', 0.5), metric: 'mse', samples: 30, runs: 3000 },
  { population: valuePopulation('lognormal(1)', 0.5), metric: 'mse', samples: 100, runs: 2000 },
  { population: valuePopulation('laplace', 1), metric: 'rmse', samples: 30, runs: 2000 },
  { population: classPopulation({ classes: 5, change: 1 }), metric: 'log-loss', samples: 30, runs: 2000 },
  { population: binaryPopulation({ share: 0.5, change: 0.5 }), metric: 'roc-auc', samples: 30, runs: 500 },
  {
    population: binaryPopulation({ share: 0.5, change: 1 }),
    metric: 'average-precision',
    samples: 30,
    runs: 200,
  },
  { population: classPopulation({ classes: 5, change: 1 }), metric: 'f1-macro', samples: 30, runs: 200 },
  { population: calibratedPopulation(1.5), metric: 'ece', samples: 100, runs: 1000 },
];

test.each(points)(
  'of $population.name a loss of $metric on $samples samples is judged wrongly no more often than promised',
  ({ population, metric, samples, runs }) => {
    const everyone = population.draw();
    const { passes, regressions } = falseDecisions({ everyone, metric, samples, runs, alphas: [alpha] });
    expect((passes[0] ?? NaN) / runs).toBeLessThanOrEqual(nominal + halfPoint);
    expect((regressions[0] ?? NaN) / runs).toBeLessThanOrEqual(nominal + halfPoint);
  },
);

/** A baseline without a mistake, and a variant that puts out decisions alone and one in fifty of them wrong. */
const rareFlips = {
  accuracy: (samples: number, random: Random): [Predictions, Predictions] => {
    const expected = Int32Array.from({ length: samples }, () => random.below(2));
    const of = (predicted: Int32Array): Predictions => ({
      ...{ kind: 'classification', ids: idsOf(samples), labels: ['a', 'b'], expected, predicted },
      probabilities: null,
    });
    return [of(expected), of(expected.map((label) => (random.next() < 0.02 ? 1 - label : label)))];
  },
  'entity-f1-micro': (samples: number, random: Random): [Predictions, Predictions] => {
    const expected = Array.from({ length: samples }, () =>
      random.next() < 0.5 ? ['O', 'B-PER', 'O'] : ['B-LOC', 'O', 'O'],
    );
    const of = (predicted: string[][]): Predictions => ({
      ...{ kind: 'tagging', ids: idsOf(samples), expected, predicted },
    });
    return [of(expected), of(expected.map((tags) => (random.next() < 0.02 ? ['O', 'O', 'O'] : tags)))];
  },
} as const;

test.each(['accuracy', 'entity-f1-micro'] as const)(
  'a loss of %s that most draws of 40 samples do not show passes no more often than promised',
  (id) => {
    const [random, runs] = [createRandom(5), 400];
    let [passes, equal] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const [baseline, variant] = rareFlips[id](40, random);
      const metric = metricOf(id, baseline.kind);
      const margin = { kind: 'absolute', value: 0.005 } as const;
      const compared = comparePredictions({ metric, baseline, variant, margin, alpha, seed: 1 });
      if (compared?.difference === 0) equal++;
      if (compared?.verdict === 'pass') passes++;
    }
    expect(equal / runs).toBeGreaterThan(0.35);
    expect(passes / runs).toBeLessThanOrEqual(nominal + halfPoint);
  },
);
