import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { calibrateModel } from '../../../runners/calibrate/calibrate-model.ts';
import { replayVerdicts } from '../../../runners/calibrate/replay.ts';
import { twoPercentDesign as design } from '../../../runners/calibrate/two-percent-design.ts';

/** Shifts of identical models on a machine where processes differ by so much. */
function twins(noise: number, seed = 1): number[] {
  const random = createRandom(seed);
  return Array.from({ length: 14 }, () => noise * random.normal());
}

test('replays of identical models are judged different in at most 1 of 100', () => {
  const { improved, regressed } = replayVerdicts(
    { shifts: twins(0.01), added: 0, replays: 1000, seed: 1 },
    design,
  );
  expect((improved + regressed) / 1000).toBeLessThanOrEqual(0.02);
  expect(regressed / 1000).toBeLessThanOrEqual(0.01);
});

test('an added slowdown of the margin is flagged where processes differ by less', () => {
  const counts = replayVerdicts(
    { shifts: twins(0.01), added: Math.log(1.02), replays: 300, seed: 1 },
    design,
  );
  expect(counts.regressed).toBeGreaterThan(285);
});

test('replays are the same for the same seed', () => {
  const replay = { shifts: twins(0.02), added: 0, replays: 50, seed: 3 };
  expect(replayVerdicts(replay, design)).toEqual(replayVerdicts(replay, design));
});

test('a quiet machine decides 2 %, a noisy one does not, and both say what they could see', () => {
  const [quiet, noisy] = [0.004, 0.06].map((noise) =>
    calibrateModel({ name: '1 ms', p50Ms: 1, shifts: [twins(noise), twins(noise, 2)] }, design),
  );
  expect([quiet?.isDecidable, noisy?.isDecidable]).toEqual([true, false]);
  expect(quiet?.noise).toBeGreaterThan(0.002);
  expect(quiet?.noise).toBeLessThan(0.008);
  const seen = noisy?.looks.map(({ detectableEffect }) => detectableEffect ?? 0) ?? [];
  expect(seen).toEqual(seen.toSorted((a, b) => b - a));
  expect(seen.at(-1)).toBeGreaterThan(0.02);
  const { falseAlarms } = noisy ?? {};
  expect(falseAlarms?.replays).toBeGreaterThanOrEqual(1000);
  expect(falseAlarms?.interval).toMatchObject({ level: 0.95, method: 'wilson' });
  expect(falseAlarms?.interval.high).toBeGreaterThan(falseAlarms?.share ?? 1);
});

test('twins without any spread have no smallest effect, and decide', () => {
  const still = calibrateModel({ name: '1 ms', p50Ms: 1, shifts: [[0, 0, 0]] }, design);
  expect(still.noise).toBe(0);
  expect(still.looks.map(({ detectableEffect }) => detectableEffect)).toEqual([null, null, null, null]);
  expect(still.isDecidable).toBe(true);
});
