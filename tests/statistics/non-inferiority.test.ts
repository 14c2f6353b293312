import { expect, test } from 'vitest';
import { createRandom, type Random } from '../../core/random.ts';
import { logGamma } from '../../core/statistics/log-gamma.ts';
import { normalQuantile } from '../../core/statistics/normal.ts';
import { tangoScore } from '../../core/statistics/tango.ts';
import { comparePredictions } from '../../tasks/compare/compare-predictions.ts';
import type { Metric } from '../../tasks/metric.ts';
import { metricById } from '../../tasks/metrics/registry.ts';
import type { TaskKind } from '../../core/task-kind.ts';
import type { ClassificationPredictions } from '../../tasks/predictions.ts';

/** A variant whose true loss is exactly the margin: a pass is an error. */
interface Setting {
  n: number;
  margin: number;
  /** Chance that a sample is gained; the chance that it is lost is larger by the margin. */
  gained: number;
}

const margins = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1];
const sizes = [10, 15, 20, 25, 30, 40, 50, 60, 75, 90, 100, 120, 150, 200, 250, 300, 400, 500];
const gains = [0, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3];
const grid: Setting[] = margins.flatMap((margin) =>
  sizes.flatMap((n) => gains.map((gained) => ({ n, margin, gained }))),
);

const halfPoint = 0.005;

/** Exact chance of a pass: the probability of every count of lost and gained samples that passes, summed. */
function chanceOfPass(
  { n, margin, gained }: Setting,
  { alpha, correction }: { alpha: number; correction: number },
): number {
  const z = normalQuantile(1 - alpha / 2);
  const lost = gained + margin;
  let chance = 0;
  for (const onlyVariant of likelyCounts(n, gained)) {
    for (const onlyBaseline of likelyCounts(n, lost)) {
      if (onlyBaseline + onlyVariant > n) break;
      // More lost samples never pass where fewer did not.
      if (tangoScore({ n, onlyBaseline, onlyVariant }, -margin, -correction) <= z) break;
      chance += trinomial(n, [onlyBaseline, lost], [onlyVariant, gained]);
    }
  }
  return chance;
}

/** Counts within eight standard deviations; those beyond add less than 1e-12. */
function likelyCounts(n: number, share: number): number[] {
  if (share === 0) return [0];
  const reach = 8 * Math.sqrt(n * share) + 12;
  const first = Math.max(0, Math.floor(n * share - reach));
  const last = Math.min(n, Math.ceil(n * share + reach));
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

const logFactorials = Float64Array.from({ length: 501 }, (_, n) => logGamma(n + 1));
const logFactorial = (n: number): number => logFactorials[n] ?? NaN;

function trinomial(n: number, [b, pb]: [number, number], [c, pc]: [number, number]): number {
  const rest = n - b - c;
  const ways = logFactorial(n) - logFactorial(b) - logFactorial(c) - logFactorial(rest);
  return Math.exp(ways + b * Math.log(pb) + (c === 0 ? 0 : c * Math.log(pc)) + rest * Math.log(1 - pb - pc));
}

const worst = (alpha: number, correction: number): number =>
  Math.max(...grid.map((setting) => chanceOfPass(setting, { alpha, correction })));

test.each([0.01, 0.05, 0.1])(
  'a variant as bad as the margin passes at most half of alpha %f and half a point, at every size and rate of flips',
  (alpha) => {
    expect(worst(alpha, 0.25)).toBeLessThanOrEqual(alpha / 2 + halfPoint);
    expect(worst(alpha, 0.25)).toBeGreaterThan(0.8 * (alpha / 2));
  },
);

test("Tango's interval without the correction lets more than that pass", () => {
  expect(worst(0.1, 0)).toBeGreaterThan(0.05 + halfPoint);
});

test('the chance computed is that of the comparison itself', () => {
  const setting = { n: 120, margin: 0.05, gained: 0.1 };
  const random = createRandom(1);
  const runs = 3000;
  let passed = 0;
  for (let run = 0; run < runs; run++) if (compareFlips(setting, random).verdict === 'pass') passed++;
  const expected = chanceOfPass(setting, { alpha: 0.05, correction: 0.25 });
  expect(Math.abs(passed / runs - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / runs));
});

test('a variant that loses as much macro F1 as the margin hardly ever passes, even where few samples flip', () => {
  for (const setting of [
    { n: 60, margin: 0.02, gained: 0 },
    { n: 120, margin: 0.04, gained: 0.02 },
  ]) {
    const random = createRandom(2);
    let passed = 0;
    for (let run = 0; run < 40; run++) {
      const { verdict } = compareFlips(setting, random, 'f1-macro');
      if (verdict === 'pass' || verdict === 'improved') passed++;
    }
    expect(passed).toBeLessThanOrEqual(3);
  }
});

/** Compares two-class predictions that are right on nine samples of ten but for the flips of the setting. */
function compareFlips({ n, margin, gained }: Setting, random: Random, id = 'accuracy') {
  const expected = Int32Array.from({ length: n }, () => (random.next() < 0.5 ? 1 : 0));
  const baseline = new Int32Array(n);
  const variant = new Int32Array(n);
  for (const [sample, label] of expected.entries()) {
    const [kind, wrong] = [random.next(), 1 - label];
    const bothRight = random.next() < 0.9;
    const isLost = kind < gained + margin;
    const isGained = !isLost && kind < 2 * gained + margin;
    baseline[sample] = isLost || (!isGained && bothRight) ? label : wrong;
    variant[sample] = isGained || (!isLost && bothRight) ? label : wrong;
  }
  const of = (predicted: Int32Array, confidence: number): ClassificationPredictions => ({
    kind: 'classification',
    ids: Array.from(expected, (_, sample) => `s${sample}`),
    labels: ['a', 'b'],
    expected,
    predicted,
    probabilities: Float64Array.from({ length: 2 * n }, (_, cell) =>
      predicted[Math.floor(cell / 2)] === cell % 2 ? confidence : 1 - confidence,
    ),
  });
  const comparison = comparePredictions({
    metric: metricOf(id, 'classification'),
    baseline: of(baseline, 0.8),
    variant: of(variant, 0.7),
    margin: { kind: 'absolute', value: margin },
    alpha: 0.05,
    seed: 1,
  });
  if (comparison === null) throw new Error(`${id} is undefined`);
  return comparison;
}

function metricOf(id: string, kind: TaskKind): Metric {
  return metricById(id, kind);
}
