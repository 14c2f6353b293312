import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../../core/random.ts';
import { median, sortAscending } from '../../core/statistics/quantile.ts';
import type { VerdictName } from '../../core/verdict.ts';
import { compareShifts, type LatencyComparedShifts } from '../../results/compare-latency.ts';
import { twoPercentDesign as design } from '../../runners/calibrate/two-percent-design.ts';
import { compareAtLooks } from './compare-at-looks.ts';

/** Noise between processes: each draws one log-ratio of the times of variant and baseline. */
type Noise = (random: Random) => number;

const normal =
  (sd: number): Noise =>
  (random) =>
    sd * random.normal();

/** One process in twenty sits in another mode, 12 % off either way, as recorded ones do. */
const contaminated =
  (sd: number): Noise =>
  (random) =>
    sd * random.normal() + (random.next() < 0.05 ? (random.next() < 0.5 ? -0.12 : 0.12) : 0);

const shapes = [
  { name: '0.35 % noise', noise: normal(0.0035), isQuiet: true },
  { name: '1 % noise', noise: normal(0.01), isQuiet: true },
  { name: '2 % noise', noise: normal(0.02), isQuiet: true },
  { name: '1 % noise with stray processes', noise: contaminated(0.01), isQuiet: true },
  { name: '4.5 % noise', noise: normal(0.045), isQuiet: false },
];

const percent = (slowdown: number): number => Math.log1p(slowdown / 100);
const runs = 1000;

/** The outcomes of many runs with one variant. */
function simulate({ noise, shift }: { noise: Noise; shift: number }, count = runs): LatencyComparedShifts[] {
  const random = createRandom(1);
  return Array.from({ length: count }, () => compareAtLooks(() => [shift + noise(random)])).flat();
}

function share(outcomes: readonly LatencyComparedShifts[], verdict: VerdictName): number {
  return outcomes.filter((outcome) => outcome.verdict === verdict).length / outcomes.length;
}

/** Share of the runs whose interval holds the true ratio, whenever they stopped. */
function coverage(outcomes: readonly LatencyComparedShifts[], shift: number): number {
  const held = outcomes.filter(
    ({ interval }) => interval.low <= Math.exp(shift) && Math.exp(shift) <= interval.high,
  );
  return held.length / outcomes.length;
}

const processesOf = (outcomes: readonly LatencyComparedShifts[]): number =>
  outcomes.reduce((sum, { processes }) => sum + processes, 0) / outcomes.length;

describe.each(shapes)('with $name', ({ noise, isQuiet }) => {
  const same = simulate({ noise, shift: 0 });
  const slower = simulate({ noise, shift: percent(2) });

  test('identical variants are flagged in at most one run of a hundred', () => {
    expect(share(same, 'regressed')).toBeLessThanOrEqual(0.01);
    expect(share(same, 'improved')).toBeLessThanOrEqual(0.01);
  });

  test('2 % more is flagged in 95 runs of a hundred, unless the noise is more than that', () => {
    if (isQuiet) expect(share(slower, 'regressed')).toBeGreaterThanOrEqual(0.95);
    else expect(share(slower, 'inconclusive')).toBeGreaterThan(0.5);
  });

  test('2 % more passes in at most one run of twenty', () => {
    expect(share(slower, 'pass') + share(slower, 'improved')).toBeLessThanOrEqual(0.05);
  });

  test('identical variants pass, unless the noise is more than the margin', () => {
    if (isQuiet) expect(share(same, 'pass')).toBeGreaterThanOrEqual(0.95);
    else expect(share(same, 'inconclusive')).toBeGreaterThan(0.3);
  });

  test('the interval holds the truth in 95 runs of a hundred, whenever they stop', () => {
    expect(coverage(same, 0)).toBeGreaterThanOrEqual(0.95);
    expect(coverage(slower, percent(2))).toBeGreaterThanOrEqual(0.95);
  });

  test('the looks are reached that the noise asks for', () => {
    expect(processesOf(same)).toBeGreaterThanOrEqual(10);
    if (isQuiet) expect(processesOf([...same, ...slower])).toBeLessThan(17);
    else expect(processesOf(same)).toBeGreaterThan(17);
  });
});

describe.each([3, 6])('a run with %i variants beside one baseline', (comparisons) => {
  const asked = { ...design, comparisons };
  const runsOfFamily = 400;

  /** Every variant is measured against the same baseline, whose own noise they share. */
  function simulateFamily(noise: Noise, shiftOf: (variant: number) => number): LatencyComparedShifts[][] {
    const random = createRandom(comparisons);
    return Array.from({ length: runsOfFamily }, () =>
      compareAtLooks(() => {
        const shared = noise(random);
        return Array.from(
          { length: comparisons },
          (_, variant) => shiftOf(variant) + (noise(random) - shared) / Math.SQRT2,
        );
      }, asked),
    );
  }

  test.each([0.01, 0.02])(
    'flags any of them in at most one of a hundred when all are identical (%f)',
    (sd) => {
      const families = simulateFamily(normal(sd), () => 0);
      const alarmed = families.filter((family) => family.some(({ verdict }) => verdict === 'regressed'));
      expect(alarmed.length / runsOfFamily).toBeLessThanOrEqual(0.01);
    },
  );

  test('still flags the one that takes 2 % more in 95 of a hundred where noise is 1 %', () => {
    const families = simulateFamily(normal(0.01), (variant) => (variant === 0 ? percent(2) : 0));
    const flagged = families.filter(([first]) => first?.verdict === 'regressed');
    expect(flagged.length / runsOfFamily).toBeGreaterThanOrEqual(0.95);
  });
});

test('the effect that an undecided run could have seen is seen in 95 runs of a hundred', () => {
  const noise = normal(0.045);
  const undecided = simulate({ noise, shift: 0 }, 100).filter(({ verdict }) => verdict === 'inconclusive');
  const effects = undecided.map(({ minimumDetectableEffect }) => minimumDetectableEffect ?? NaN);
  const shift = Math.log1p(median(sortAscending(effects)));
  expect(share(simulate({ noise, shift }, 300), 'regressed')).toBeGreaterThanOrEqual(0.95);
});

test('fewer processes than the first look decide nothing, however large the effect', () => {
  const shifts = Array.from({ length: 9 }, () => percent(50));
  expect(compareShifts([shifts], design)).toMatchObject([{ verdict: 'inconclusive', evidence: null }]);
});
