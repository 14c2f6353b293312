import { expect, test } from 'vitest';
import { createRandom, type Random } from '../../core/random.ts';
import { logGamma } from '../../core/statistics/log-gamma.ts';
import { quantileInterval, sortAscending } from '../../core/statistics/quantile.ts';
import { wilsonInterval } from '../../core/statistics/wilson.ts';
import type { Interval } from '../../core/verdict.ts';
import { metricInterval } from '../../tasks/compare/metric-interval.ts';
import { binaryPopulation, classPopulation } from './simulation/class-populations.ts';
import { drawPair } from './simulation/false-decisions.ts';
import { metricOf, type Population } from './simulation/population.ts';
import { textPopulation } from './simulation/text-populations.ts';
import { valuePopulation } from './simulation/value-populations.ts';

const [level, halfPoint] = [0.95, 0.005];

/** Share of runs whose 95 % interval holds the truth. */
function coverage(runs: number, truth: number, draw: (run: number) => Interval | null): number {
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const interval = draw(run);
    if (interval !== null && interval.low <= truth && truth <= interval.high) held++;
  }
  return held / runs;
}

function binomialChance(k: number, n: number, p: number): number {
  const ways = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  return Math.exp(ways + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

const nextTo = 1e-9;

/** Exact chance that Wilson's interval holds a share. */
function wilsonCoverage(intervals: readonly Interval[], p: number): number {
  const n = intervals.length - 1;
  return intervals.reduce(
    (sum, { low, high }, k) => (low <= p && p <= high ? sum + binomialChance(k, n, p) : sum),
    0,
  );
}

test.each([10, 40, 200, 1000])(
  "Wilson's interval of %i samples covers a share as often as it says on average, and the worst one 83 times in 100",
  (n) => {
    const intervals = Array.from({ length: n + 1 }, (_, k) => wilsonInterval(k, n, level));
    const evenly = Array.from({ length: 500 }, (_, index) => (index + 0.5) / 500);
    const average = evenly.reduce((sum, p) => sum + wilsonCoverage(intervals, p), 0) / evenly.length;
    expect(average).toBeGreaterThan(level - halfPoint);
    expect(average).toBeLessThan(level + 2 * halfPoint);
    // It falls where an interval ends, and furthest just below that of a single hit, which is then missed.
    const ends = intervals.flatMap(({ low, high }) => [low - nextTo, high + nextTo]);
    const inside = ends.filter((p) => p > 0 && p < 1);
    const worst = Math.min(...inside.map((p) => wilsonCoverage(intervals, p)));
    expect(worst).toBeCloseTo((1 - (intervals[1]?.low ?? NaN)) ** n, 5);
    expect(worst).toBeGreaterThan(0.833);
    expect(worst).toBeLessThan(0.84);
    const amid = inside.filter((p) => n * Math.min(p, 1 - p) > 5).map((p) => wilsonCoverage(intervals, p));
    expect(Math.min(...amid, 1)).toBeGreaterThan(0.92);
  },
);

interface Point {
  population: Population;
  metric: string;
  samples: number;
  runs: number;
}

/** A metric by itself, by each way to an interval. */
const points: readonly Point[] = [
  { population: valuePopulation('normal', 1), metric: 'mse', samples: 30, runs: 3000 },
  { population: valuePopulation('laplace', 1), metric: 'mae', samples: 30, runs: 3000 },
  { population: classPopulation({ classes: 5, change: 1 }), metric: 'log-loss', samples: 30, runs: 2000 },
  { population: binaryPopulation({ share: 0.5, change: 1 }), metric: 'roc-auc', samples: 30, runs: 2000 },
  { population: binaryPopulation({ share: 0.5, change: 1 }), metric: 'f1-binary', samples: 30, runs: 100 },
  { population: valuePopulation('normal', 1), metric: 'r2', samples: 30, runs: 100 },
  { population: textPopulation(0.5), metric: 'perplexity', samples: 30, runs: 100 },
];

test.each(points)(
  'the interval of $metric of $samples samples of $population.name covers it as often as it says',
  ({ population, metric: id, samples, runs }) => {
    const { baseline, variant } = population.draw();
    const metric = metricOf(id, variant.kind);
    const random = createRandom(samples);
    const covered = coverage(runs, metric.compute(variant).value ?? NaN, (seed) => {
      const [, drawn] = drawPair({ baseline, variant }, samples, random);
      return metricInterval(metric, drawn, { level, seed }).interval;
    });
    expect(covered).toBeGreaterThanOrEqual(level - halfPoint);
  },
);

function heavyTailed(random: Random): number {
  const z = random.normal();
  return Math.sign(z) * Math.abs(z) ** 2.5;
}

test('the interval of a median covers at least as often as it says', () => {
  const random = createRandom(31);
  const covered = coverage(2000, 0, () => {
    const values = sortAscending(Array.from({ length: 25 }, () => heavyTailed(random)));
    return quantileInterval(values, { probability: 0.5, level });
  });
  expect(covered).toBeGreaterThan(level - halfPoint);
});
