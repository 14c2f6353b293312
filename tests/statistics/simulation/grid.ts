import type { Margin } from '../../../tasks/compare/comparison.ts';
import { binaryPopulation, calibratedPopulation, classPopulation } from './class-populations.ts';
import { clusteredPopulation } from './clustered-population.ts';
import type { Population } from './population.ts';
import { textPopulation } from './text-populations.ts';
import { type ErrorShape, valuePopulation } from './value-populations.ts';

/** Simulations that share a population. */
export interface Cell {
  population: Population;
  metrics: readonly string[];
  sizes: readonly number[];
  margin?: Margin['kind'];
  /** Fewer where each takes long. */
  runs?: number;
}

const shapes: readonly ErrorShape[] = ['lognormal(1)', 'lognormal(0.5)', 'normal', 'laplace'];
const changes = [0.1, 0.5, 1];
const fewerRuns = 500;
const [few, some, all] = [
  [30, 100],
  [30, 100, 300],
  [30, 100, 300, 1000],
];

/** Every way to an interval, on every kind of data it is for: how many samples, how large a change and so how large a margin. */
export const grid: readonly Cell[] = [
  ...shapes.flatMap((shape) =>
    changes.flatMap((change): Cell[] => {
      const population = valuePopulation(shape, change);
      return [
        { population, metrics: ['mse', 'mae'], sizes: all },
        { population, metrics: ['rmse', 'r2'], sizes: some },
      ];
    }),
  ),
  ...changes.flatMap((change): Cell[] => [
    {
      population: classPopulation({ classes: 5, change }),
      metrics: ['log-loss', 'brier'],
      sizes: all,
    },
    {
      population: classPopulation({ classes: 5, change }),
      metrics: ['accuracy', 'f1-macro', 'mcc', 'balanced-accuracy', 'roc-auc'],
      sizes: few,
      runs: fewerRuns,
    },
    { population: binaryPopulation({ share: 0.5, change }), metrics: ['log-loss'], sizes: some },
    {
      population: binaryPopulation({ share: 0.5, change }),
      metrics: ['roc-auc'],
      sizes: some,
      runs: fewerRuns,
    },
    {
      population: binaryPopulation({ share: 0.5, change }),
      metrics: ['average-precision', 'roc-auc-partial@0.1'],
      sizes: few,
      runs: fewerRuns,
    },
    {
      population: binaryPopulation({ share: 0.1, change }),
      metrics: ['f1-binary', 'roc-auc'],
      sizes: some,
      runs: fewerRuns,
    },
  ]),
  {
    population: classPopulation({ classes: 5, change: 0.1, sharpness: 2 }),
    metrics: ['log-loss', 'brier'],
    sizes: all,
  },
  ...[0.8, 1.25, 1.5].map((sharpness): Cell => ({
    population: calibratedPopulation(sharpness),
    metrics: ['ece'],
    sizes: some,
  })),
  ...[0.05, 0.5].flatMap((change): Cell[] => [
    { population: textPopulation(change), metrics: ['perplexity', 'bits-per-byte'], sizes: some },
    { population: textPopulation(change), metrics: ['bleu', 'rouge-l', 'wer'], sizes: few, runs: fewerRuns },
  ]),
  ...[0.02, 0.1].map((change): Cell => ({
    population: clusteredPopulation(change),
    metrics: ['accuracy', 'log-loss', 'f1-macro'],
    sizes: [100, 300, 1000],
    runs: fewerRuns,
  })),
  { population: valuePopulation('normal', 1), metrics: ['mse', 'rmse'], sizes: some, margin: 'relative' },
  {
    population: classPopulation({ classes: 5, change: 1 }),
    metrics: ['log-loss', 'brier'],
    sizes: some,
    margin: 'relative',
  },
  ...changes.map((change): Cell => ({
    population: valuePopulation('normal', change),
    metrics: ['median-ae'],
    sizes: few,
    runs: fewerRuns,
  })),
];
