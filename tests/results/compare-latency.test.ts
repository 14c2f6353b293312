import { expect, test } from 'vitest';
import { createRandom } from '../../core/random.ts';
import {
  compareShifts,
  latencyVerdicts,
  type LatencyDesign,
  type ProcessTimes,
} from '../../results/compare-latency.ts';
import { latencyComparison, singleLook } from '../fakes/latency-comparison.ts';

const looks: LatencyDesign = { ...singleLook, maxSlowdown: 0.02, looks: [10, 14, 20, 28] };

/** Processes of paired times with noise that both sides share, and a little of their own. */
function processes(slowdown: number, { count = 10, spread = 0.004, seed = 1 } = {}): ProcessTimes[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const shift = slowdown * Math.exp(random.normal() * spread);
    const shared = Array.from({ length: 40 }, () => Math.exp(random.normal() * 0.5));
    return {
      baseline: shared.map((noise) => noise * Math.exp(random.normal() * 0.02)),
      variant: shared.map((noise) => noise * shift * Math.exp(random.normal() * 0.02)),
    };
  });
}

function shifts(centre: number, { count = 10, spread = 0.004, seed = 1 } = {}): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => centre + random.normal() * spread);
}

test('noise of fifty percent that both sides share hides nothing', () => {
  const compared = latencyComparison(processes(1.1));
  expect(compared).toMatchObject({ verdict: 'regressed', processes: 10, pairs: 400 });
  expect(compared?.ratio).toBeCloseTo(1.1, 1);
});

test.each([
  [0.8, 'improved'],
  [0.98, 'pass'],
  [1, 'pass'],
  [1.02, 'pass'],
  [1.04, 'regressed'],
  [1.2, 'regressed'],
] as const)('a variant that takes %f of the time is judged %s', (slowdown, verdict) => {
  expect(latencyComparison(processes(slowdown))?.verdict).toBe(verdict);
});

test('noise between processes larger than the margin is inconclusive, with what was visible and what it would take', () => {
  const compared = latencyComparison(processes(1.03, { spread: 0.1 }));
  expect(compared?.verdict).toBe('inconclusive');
  expect(compared?.minimumDetectableEffect).toBeGreaterThan(0.05);
  expect(compared?.reason).toMatch(
    /They would have shown \+\d+\.\d %\. .* it takes about \d+ of them to tell\.$/,
  );
});

test('processes that end before the first look decide nothing, however large the effect', () => {
  const compared = latencyComparison(processes(3, { count: 6 }));
  expect(compared).toMatchObject({ verdict: 'inconclusive', processes: 6, evidence: null });
});

test('the ratio and its interval agree when baseline and variant change places', () => {
  const there = processes(1.1);
  const back = there.map(({ baseline, variant }) => ({ baseline: variant, variant: baseline }));
  const [a, b] = [latencyComparison(there), latencyComparison(back)];
  expect(a?.ratio).toBeCloseTo(1 / (b?.ratio ?? 0), 12);
  expect(a?.interval.low).toBeCloseTo(1 / (b?.interval.high ?? 0), 12);
  expect(a?.p).toBeCloseTo(b?.p ?? 0, 12);
  expect(a?.evidence?.pSlower).toBeCloseTo(b?.evidence?.pFaster ?? 0, 12);
});

test('one process is no evidence', () => {
  expect(latencyComparison(processes(1, { count: 1 }))).toBeNull();
});

test('each look pays for all of them, and the interval holds at its level whenever the looking stops', () => {
  const [once] = compareShifts([shifts(0.02)], { ...looks, looks: [10] });
  const [often] = compareShifts([shifts(0.02)], looks);
  expect(often?.evidence?.pSlower).toBeCloseTo(4 * (once?.evidence?.pSlower ?? 1), 12);
  expect(often?.evidence).toMatchObject({ looks: 1, comparisons: 1 });
  expect(often?.interval.level).toBe(0.95);
  expect(often?.interval.method).toBe('signed-rank exact (n=10), 4 looks');
  const width = (compared: typeof once): number =>
    (compared?.interval.high ?? NaN) - (compared?.interval.low ?? NaN);
  expect(width(often)).toBeGreaterThan(width(once));
});

test('the evidence of an early look is not lost at a later one', () => {
  const early = shifts(0.03, { count: 10 });
  const [at10] = compareShifts([early], looks);
  const [at12] = compareShifts([[...early, -0.2, -0.2]], looks);
  expect(at12?.evidence).toEqual(at10?.evidence);
});

test('the variants of a group share the chance of a false alarm by Holm, groups of a run evenly', () => {
  const family = [shifts(0.03), shifts(0.001, { seed: 2 }), shifts(0.001, { seed: 3 })];
  const [alone] = compareShifts(family.slice(0, 1), looks);
  const [together] = compareShifts(family, { ...looks, comparisons: 3 });
  const [inRun] = compareShifts(family, { ...looks, comparisons: 6 });
  expect(together?.evidence?.pSlower).toBeCloseTo(3 * (alone?.evidence?.pSlower ?? 1), 12);
  expect(inRun?.evidence?.pSlower).toBeCloseTo(6 * (alone?.evidence?.pSlower ?? 1), 12);
});

test('ten processes are too few for six comparisons at four looks, and fourteen are enough', () => {
  const design = { ...looks, comparisons: 6 };
  const [ten] = compareShifts([shifts(0.05, { count: 10 })], design);
  expect(ten).toMatchObject({ verdict: 'inconclusive', minimumDetectableEffect: null });
  const [fourteen] = compareShifts([shifts(0.05, { count: 14 })], design);
  expect(fourteen?.verdict).toBe('regressed');
});

test('identical variants are called different in at most the nominal share of seeded repetitions', () => {
  const repetitions = 1000;
  const verdicts = Array.from(
    { length: repetitions },
    (_, seed) => compareShifts([shifts(0, { seed, spread: 0.03 })], singleLook)[0]?.verdict,
  );
  const share = (name: string): number => verdicts.filter((verdict) => verdict === name).length / repetitions;
  const bound = 0.01 + 3 * Math.sqrt((0.01 * 0.99) / repetitions);
  expect(share('regressed')).toBeLessThanOrEqual(bound);
  expect(share('improved')).toBeLessThanOrEqual(bound);
});

test('verdicts alone are those of the whole comparison', () => {
  const variants = [0, 0.005, 0.01, 0.02, -0.03].flatMap((centre, index) =>
    [1, 5, 12, 28].map((count) => shifts(centre, { count, spread: 0.01, seed: 10 * index + count })),
  );
  const design = { ...looks, comparisons: variants.length };
  const compared = compareShifts(variants, design).map((one) => one?.verdict ?? 'inconclusive');
  expect(latencyVerdicts(variants, design)).toEqual(compared);
  expect(new Set(compared).size).toBeGreaterThan(2);
});

test.each([
  [[9], 0.5],
  [[8], 0.05],
  [[10, 14, 20, 28], 0.2],
])(
  'a verdict of a change has an interval without 1, with looks at %j and %f of false alarms',
  (planned, falseAlarms) => {
    const design: LatencyDesign = { ...singleLook, maxSlowdown: 0.05, looks: planned, falseAlarms };
    const drawn = Array.from({ length: 400 }, (_, seed) =>
      shifts(0.03, { count: planned.at(-1), spread: 0.03, seed }),
    );
    const found = drawn.flatMap((variant) => compareShifts([variant], design));
    const changed = found.filter((compared) => compared?.verdict === 'regressed');
    expect(changed.length).toBeGreaterThan(20);
    expect(changed.filter((compared) => (compared?.interval.low ?? 0) <= 1)).toEqual([]);
  },
);
