import { expect, test } from 'vitest';
import { createRandom, type Random } from '../../core/random.ts';
import { bootstrapInterval } from '../../core/statistics/bootstrap.ts';
import {
  areaDifferenceInterval,
  areaInterval,
  estimateArea,
  type ScoredQuestion,
} from '../../core/statistics/delong.ts';
import { logGamma } from '../../core/statistics/log-gamma.ts';
import { quantileInterval, sortAscending } from '../../core/statistics/quantile.ts';
import { tangoInterval } from '../../core/statistics/tango.ts';
import { wilsonInterval } from '../../core/statistics/wilson.ts';
import type { Interval } from '../../core/verdict.ts';

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
  return Math.exp(ways + k * Math.log(p) + (n - k) * Math.log(1 - p));
}

test.each([10, 40, 200, 1000])(
  "Wilson's interval of %i samples covers 95 %% of the time on average, never below 83 %%",
  (n) => {
    const shares = Array.from({ length: 99 }, (_, index) => (index + 1) / 100);
    const intervals = Array.from({ length: n + 1 }, (_, k) => wilsonInterval(k, n, 0.95));
    const coverages = shares.map((p) =>
      intervals.reduce(
        (sum, { low, high }, k) => (low <= p && p <= high ? sum + binomialChance(k, n, p) : sum),
        0,
      ),
    );
    const average = coverages.reduce((sum, value) => sum + value, 0) / coverages.length;
    expect(average).toBeGreaterThan(0.945);
    expect(average).toBeLessThan(0.965);
    expect(Math.min(...coverages)).toBeGreaterThan(0.83);
  },
);

test.each([
  [50, 0.1, 0.05],
  [50, 0.02, 0.02],
  [200, 0.05, 0.01],
  [200, 0.2, 0.2],
])("Tango's interval covers with %i samples of which %f are lost and %f gained", (n, lost, gained) => {
  const random = createRandom(n);
  const covered = coverage(2000, gained - lost, () => {
    let [onlyBaseline, onlyVariant] = [0, 0];
    for (let sample = 0; sample < n; sample++) {
      const kind = random.next();
      if (kind < lost) onlyBaseline++;
      else if (kind < lost + gained) onlyVariant++;
    }
    return tangoInterval({ n, onlyBaseline, onlyVariant }, 0.95, 0.25);
  });
  expect(covered).toBeGreaterThan(0.935);
});

interface Shape {
  name: string;
  draw: (random: Random) => number;
  atLeast: number;
}

const shapes: readonly Shape[] = [
  { name: 'normal', draw: (random) => random.normal(), atLeast: 0.93 },
  { name: 'heavy-tailed', draw: heavyTailed, atLeast: 0.93 },
  { name: 'skewed', draw: (random) => random.normal() ** 2 - 1, atLeast: 0.89 },
];

function heavyTailed(random: Random): number {
  const z = random.normal();
  return Math.sign(z) * Math.abs(z) ** 2.5;
}

test.each(shapes)('the outer bootstrap covers the mean of 30 $name differences', ({ draw, atLeast }) => {
  const random = createRandom(17);
  const covered = coverage(500, 0, (seed) => {
    const values = Float64Array.from({ length: 30 }, () => draw(random));
    return bootstrapInterval(meanOf(values), { method: 'outer', replicates: 300, seed, level: 0.95 });
  });
  expect(covered).toBeGreaterThan(atLeast);
});

test('BCa alone would fall short on heavy tails', () => {
  const random = createRandom(17);
  const covered = coverage(500, 0, (seed) => {
    const values = Float64Array.from({ length: 30 }, () => heavyTailed(random));
    return bootstrapInterval(meanOf(values), { method: 'bca', replicates: 300, seed, level: 0.95 });
  });
  expect(covered).toBeLessThan(0.93);
});

function meanOf(values: Float64Array) {
  const compute = (indices: Int32Array): number => {
    let sum = 0;
    for (const index of indices) sum += values[index] ?? NaN;
    return sum / indices.length;
  };
  return { samples: values.length, compute };
}

test('the outer bootstrap covers a ratio of sums, as perplexity is', () => {
  const random = createRandom(23);
  const covered = coverage(400, Math.exp(1), (seed) => {
    const counts = Float64Array.from({ length: 60 }, () => 5 + random.below(20));
    const losses = counts.map((count) => count * (1 + 0.4 * random.normal()));
    const compute = (indices: Int32Array): number => {
      let [loss, count] = [0, 0];
      for (const index of indices) {
        loss += losses[index] ?? NaN;
        count += counts[index] ?? NaN;
      }
      return Math.exp(loss / count);
    };
    return bootstrapInterval(
      { samples: 60, compute },
      { method: 'outer', replicates: 300, seed, level: 0.95 },
    );
  });
  expect(covered).toBeGreaterThan(0.925);
});

/** Binormal scores whose area under the curve is 0.76; `shared` is what two models have in common. */
function drawQuestions(random: Random, shared: number): [ScoredQuestion, ScoredQuestion] {
  const isPositive = Uint8Array.from({ length: 80 }, (_, sample) => sample % 2);
  const common = Float64Array.from(isPositive, (positive) => positive + shared * random.normal());
  const own = Math.sqrt(1 - shared * shared);
  const question = (): ScoredQuestion => ({
    isPositive,
    scores: common.map((score) => score + own * random.normal()),
    samples: Uint32Array.from(isPositive.keys()),
    weight: 1,
  });
  return [question(), question()];
}

test("DeLong's interval covers an area and the difference of two", () => {
  const random = createRandom(29);
  const area = 0.760_249_938_906_523;
  expect(
    coverage(800, area, () => areaInterval(estimateArea([drawQuestions(random, 0.9)[0]], 80), 0.95)),
  ).toBeGreaterThan(0.93);
  const differences = coverage(800, 0, () => {
    const [before, after] = drawQuestions(random, 0.9);
    return areaDifferenceInterval(estimateArea([before], 80), estimateArea([after], 80), 0.95);
  });
  expect(differences).toBeGreaterThan(0.93);
});

test('the interval of a median covers at least as often as it says', () => {
  const random = createRandom(31);
  const covered = coverage(2000, 0, () => {
    const values = sortAscending(Array.from({ length: 25 }, () => heavyTailed(random)));
    return quantileInterval(values, { probability: 0.5, level: 0.95 });
  });
  expect(covered).toBeGreaterThan(0.945);
});
