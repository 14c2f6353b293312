import { expect, test } from 'vitest';
import { createRandom, type Random } from '../../core/random.ts';
import { minimumDetectableEffect } from '../../core/statistics/detectable-effect.ts';
import { judge } from '../../core/statistics/judge.ts';
import { hodgesLehmann, signedRankInterval, signedRankP } from '../../core/statistics/signed-rank.ts';
import type { VerdictName } from '../../core/verdict.ts';

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

interface Experiment {
  noise: Noise;
  /** True log-ratio. */
  shift: number;
  margin: number;
  processes: number;
}

const runs = 1000;

function verdicts({ noise, shift, margin, processes }: Experiment): Record<VerdictName, number> {
  const counts = { improved: 0, pass: 0, regressed: 0, inconclusive: 0 };
  const random = createRandom(processes);
  for (let run = 0; run < runs; run++) {
    const shifts = Array.from({ length: processes }, () => shift + noise(random));
    const interval = signedRankInterval(shifts, 0.95);
    const loss = { estimate: hodgesLehmann(shifts), interval, margin, level: 0.95, format: String };
    counts[judge(loss).verdict]++;
  }
  return {
    improved: counts.improved / runs,
    pass: counts.pass / runs,
    regressed: counts.regressed / runs,
    inconclusive: counts.inconclusive / runs,
  };
}

const percent = (slowdown: number): number => Math.log1p(slowdown / 100);

test.each([
  ['0.35 % noise', normal(0.0035), 0.001],
  ['1 % noise', normal(0.01), 0.001],
  ['2 % noise', normal(0.02), 0.01],
  ['1 % noise with stray processes', contaminated(0.01), 0.01],
  ['4.5 % noise', normal(0.045), 0.03],
] as const)(
  'identical variants are flagged in hardly any run of ten processes with %s',
  (_, noise, atMost) => {
    const { regressed } = verdicts({ noise, shift: 0, margin: percent(2), processes: 10 });
    expect(regressed).toBeLessThanOrEqual(atMost);
  },
);

test('identical variants pass a margin of 2 % at 1 % noise, and stay undecided where noise is as large as the margin', () => {
  const quiet = verdicts({ noise: normal(0.01), shift: 0, margin: percent(2), processes: 10 });
  expect(quiet.pass + quiet.improved).toBeGreaterThan(0.98);
  const loud = verdicts({ noise: normal(0.045), shift: 0, margin: percent(2), processes: 10 });
  expect(loud.inconclusive).toBeGreaterThan(0.7);
});

test.each([
  ['normal', normal(0.01)],
  ['stray', contaminated(0.01)],
  ['loud', normal(0.045)],
] as const)('a slowdown of exactly the margin passes at most 3 times in 100 (%s noise)', (_, noise) => {
  const { pass, improved } = verdicts({ noise, shift: percent(2), margin: percent(2), processes: 10 });
  expect(pass + improved).toBeLessThanOrEqual(0.03);
});

test.each([
  [
    '2 % at a margin of 1 % and 1 % noise',
    { noise: normal(0.01), shift: percent(2), margin: percent(1), processes: 10 },
  ],
  [
    '5 % at a margin of 2 % and 2 % noise',
    { noise: normal(0.02), shift: percent(5), margin: percent(2), processes: 10 },
  ],
  [
    '2 % at a margin of 1 % and 2 % noise',
    { noise: normal(0.02), shift: percent(2), margin: percent(1), processes: 28 },
  ],
] as const)('a slowdown of %s is flagged 95 times in 100', (_, experiment) => {
  expect(verdicts(experiment).regressed).toBeGreaterThan(0.95);
});

test('six processes reach 95 %, five do not decide', () => {
  const experiment = { noise: normal(0.001), shift: percent(10), margin: percent(2) };
  expect(verdicts({ ...experiment, processes: 6 }).regressed).toBe(1);
  expect(verdicts({ ...experiment, processes: 5 }).inconclusive).toBe(1);
});

test('the smallest detectable slowdown of a dozen processes is detected nine times in ten, a little less than it says', () => {
  const random = createRandom(6);
  const [sd, n] = [0.01, 12];
  const shift = minimumDetectableEffect(sd, n, { alpha: 0.025, beta: 0.05 });
  let detected = 0;
  for (let run = 0; run < runs; run++) {
    const shifts = Array.from({ length: n }, () => shift + sd * random.normal());
    if (signedRankP(shifts, 'greater') <= 0.025) detected += 1 / runs;
  }
  expect(detected).toBeGreaterThan(0.87);
  expect(detected).toBeLessThan(0.98);
});

test('the exact p of identical variants is at most alpha as often as alpha says', () => {
  const random = createRandom(9);
  for (const alpha of [0.01, 0.05]) {
    let rejected = 0;
    for (let run = 0; run < runs; run++) {
      const shifts = Array.from({ length: 12 }, () => contaminated(0.01)(random));
      if (signedRankP(shifts, 'two-sided') <= alpha) rejected += 1 / runs;
    }
    expect(rejected).toBeLessThan(alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / runs));
    expect(rejected).toBeGreaterThan(0);
  }
});
