import { expect, test } from 'vitest';
import { binaryPopulation, calibratedPopulation, classPopulation } from './simulation/class-populations.ts';
import { falseDecisions } from './simulation/false-decisions.ts';
import type { Population } from './simulation/population.ts';
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
