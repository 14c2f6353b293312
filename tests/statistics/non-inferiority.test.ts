import { expect, test } from 'vitest';
import { createRandom, type Random } from '../../core/random.ts';
import { logGamma } from '../../core/statistics/log-gamma.ts';
import { normalQuantile } from '../../core/statistics/normal.ts';
import { type PairedOutcomes, type TangoCorrection, tangoScore } from '../../core/statistics/tango.ts';
import { comparePredictions } from '../../tasks/compare/compare-predictions.ts';
import { correction } from '../../tasks/compare/hit-evidence.ts';
import { metricOf } from './simulation/population.ts';
import type { ClassificationPredictions } from '../../tasks/predictions.ts';

/** A variant whose true loss is exactly the margin: a pass is an error. */
interface Setting {
  n: number;
  margin: number;
  /** Chance that a sample is gained; the chance that it is lost is larger by the margin. */
  gained: number;
}

const margins = [0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1];
const sizes = [10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300, 500];
const gains = [0, 0.002, 0.01, 0.03, 0.1, 0.3];
const grid: Setting[] = margins.flatMap((margin) =>
  sizes.flatMap((n) => gains.map((gained) => ({ n, margin, gained }))),
);

const halfPoint = 0.005;

interface Asked {
  alpha: number;
  correction: TangoCorrection;
  decision: 'pass' | 'regressed';
}

/** Whether flips are judged so: the loss that is tolerated is farther from none than what passes, and nearer than what does not. */
function isDecided(
  outcomes: PairedOutcomes,
  margin: number,
  { alpha, correction, decision }: Asked,
): boolean {
  const z = normalQuantile(1 - alpha / 2);
  return decision === 'pass'
    ? tangoScore(outcomes, -margin, -correction.farther) > z
    : tangoScore(outcomes, -margin, margin === 0 ? correction.farther : correction.nearer) < -z;
}

/** Exact chance of a decision: the probability of every count of lost and gained samples that leads to it, summed. */
function chanceOf({ n, margin, gained }: Setting, asked: Asked): number {
  const lost = gained + margin;
  let chance = 0;
  for (const onlyVariant of likelyCounts(n, gained)) {
    for (const onlyBaseline of likelyCounts(n, lost)) {
      if (onlyBaseline + onlyVariant > n) break;
      if (isDecided({ n, onlyBaseline, onlyVariant }, margin, asked))
        chance += trinomial(n, [onlyBaseline, lost], [onlyVariant, gained]);
      // More lost samples never pass where fewer did not.
      else if (asked.decision === 'pass') break;
    }
  }
  return chance;
}

/** Counts within six standard deviations; those beyond add less than 1e-7. */
function likelyCounts(n: number, share: number): number[] {
  if (share === 0) return [0];
  const reach = 6 * Math.sqrt(n * share) + 12;
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

const worst = (asked: Asked): number => Math.max(...grid.map((setting) => chanceOf(setting, asked)));

test.each(
  [0.01, 0.05, 0.1].flatMap((alpha) => [
    { alpha, decision: 'pass' as const },
    { alpha, decision: 'regressed' as const },
  ]),
)(
  'where the loss is the margin, $decision is said at most half of alpha $alpha and half a point, at every size and rate of flips',
  ({ alpha, decision }) => {
    expect(worst({ alpha, correction, decision })).toBeLessThanOrEqual(alpha / 2 + halfPoint);
    expect(worst({ alpha, correction, decision })).toBeGreaterThan(0.8 * (alpha / 2));
  },
);

test("Tango's interval without the correction decides wrongly more often", () => {
  const none = { nearer: 0, farther: 0 };
  expect(worst({ alpha: 0.05, correction: none, decision: 'regressed' })).toBeGreaterThan(0.04);
  expect(worst({ alpha: 0.1, correction: none, decision: 'pass' })).toBeGreaterThan(0.05 + halfPoint);
});

test('the chance computed is that of the comparison itself', () => {
  const setting = { n: 120, margin: 0.05, gained: 0.1 };
  const random = createRandom(1);
  const runs = 3000;
  let passed = 0;
  for (let run = 0; run < runs; run++) if (compareFlips(setting, random).verdict === 'pass') passed++;
  const expected = chanceOf(setting, { alpha: 0.05, correction, decision: 'pass' });
  expect(Math.abs(passed / runs - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / runs));
});

/** Compares two-class predictions that are right on nine samples of ten but for the flips of the setting. */
function compareFlips({ n, margin, gained }: Setting, random: Random) {
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
    metric: metricOf('accuracy', 'classification'),
    baseline: of(baseline, 0.8),
    variant: of(variant, 0.7),
    margin: { kind: 'absolute', value: margin },
    alpha: 0.05,
    seed: 1,
  });
  if (comparison === null) throw new Error('accuracy is undefined');
  return comparison;
}
