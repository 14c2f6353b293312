import { expect, test } from 'vitest';
import { createRandom } from '../../core/random.ts';
import { compareLatency, type ProcessTimes } from '../../results/compare-latency.ts';

const limits = { maxSlowdown: 0.05, alpha: 0.05 };

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

test('noise of fifty percent that both sides share hides nothing', () => {
  const compared = compareLatency(processes(1.1), limits);
  expect(compared).toMatchObject({ verdict: 'regressed', processes: 10, pairs: 400 });
  expect(compared?.ratio).toBeCloseTo(1.1, 1);
});

test.each([
  [0.8, 'improved'],
  [1, 'pass'],
  [1.02, 'pass'],
  [1.2, 'regressed'],
] as const)('a variant that takes %f of the time is judged %s', (slowdown, verdict) => {
  expect(compareLatency(processes(slowdown), limits)?.verdict).toBe(verdict);
});

test('noise between processes larger than the margin is inconclusive and says what could have been seen', () => {
  const compared = compareLatency(processes(1.03, { spread: 0.1 }), limits);
  expect(compared?.verdict).toBe('inconclusive');
  expect(compared?.minimumDetectableEffect).toBeGreaterThan(0.05);
});

test('five processes cannot reach 95 % and decide nothing, however large the effect', () => {
  expect(compareLatency(processes(3, { count: 5 }), limits)).toMatchObject({
    verdict: 'inconclusive',
    processes: 5,
  });
});

test('six processes can', () => {
  expect(compareLatency(processes(3, { count: 6 }), limits)?.verdict).toBe('regressed');
});

test('the ratio and its interval agree when baseline and variant change places', () => {
  const there = processes(1.1);
  const back = there.map(({ baseline, variant }) => ({ baseline: variant, variant: baseline }));
  const [a, b] = [compareLatency(there, limits), compareLatency(back, limits)];
  expect(a?.ratio).toBeCloseTo(1 / (b?.ratio ?? 0), 12);
  expect(a?.interval.low).toBeCloseTo(1 / (b?.interval.high ?? 0), 12);
  expect(a?.p).toBeCloseTo(b?.p ?? 0, 12);
});

test('one process is no evidence', () => {
  expect(compareLatency(processes(1, { count: 1 }), limits)).toBeNull();
});

test('identical variants are called different in at most the nominal share of seeded repetitions', () => {
  const repetitions = 400;
  const verdicts = Array.from(
    { length: repetitions },
    (_, seed) => compareLatency(processes(1, { seed: seed + 100 }), limits)?.verdict,
  );
  const improved = verdicts.filter((verdict) => verdict === 'improved').length;
  const regressed = verdicts.filter((verdict) => verdict === 'regressed').length;
  expect(regressed).toBe(0);
  // One side of a two-sided 5 %, and three standard deviations of the simulation.
  expect(improved / repetitions).toBeLessThanOrEqual(0.025 + 3 * Math.sqrt((0.025 * 0.975) / repetitions));
});
