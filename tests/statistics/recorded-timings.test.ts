import { expect, test } from 'vitest';
import { judge } from '../../core/statistics/judge.ts';
import { hodgesLehmann, signedRankInterval } from '../../core/statistics/signed-rank.ts';
import { sampleVariance } from '../../core/statistics/summary.ts';
import type { VerdictName } from '../../core/verdict.ts';
import { medianLogRatio } from '../../results/compare-latency.ts';
import recorded from '../golden/traces/timings.json' with { type: 'json' };

/**
 * Thirty fresh processes of each workload, recorded on a shared machine with two virtual CPUs under load. `same` runs the
 * baseline's code again, `more` does 2 % more work; both as the median of paired log-ratios, one a process.
 */
type Workload = keyof typeof recorded;

/** The verdict on each run of consecutive processes. */
function verdicts(
  shifts: readonly number[],
  { processes, margin }: { processes: number; margin: number },
): VerdictName[] {
  return Array.from({ length: shifts.length - processes + 1 }, (_, start) => {
    const window = shifts.slice(start, start + processes);
    const interval = signedRankInterval(window, 0.95);
    return judge({
      estimate: hodgesLehmann(window),
      interval,
      margin: Math.log1p(margin),
      level: 0.95,
      format: String,
    }).verdict;
  });
}

const every = (verdict: VerdictName, found: readonly VerdictName[]): boolean =>
  found.every((name) => name === verdict);
const swapped = (shifts: readonly number[]): number[] => shifts.map((shift) => -shift);

test.each(['javascript', 'onnxruntime'] as const)(
  'the same code passes a margin of 2 %% in every ten processes of %s',
  (workload) => {
    expect(every('pass', verdicts(recorded[workload].same, { processes: 10, margin: 0.02 }))).toBe(true);
  },
);

test('the same code as baseline of itself passes or gains, and is never flagged', () => {
  for (const workload of Object.keys(recorded) as Workload[])
    for (const shifts of [recorded[workload].same, swapped(recorded[workload].same)])
      expect(verdicts(shifts, { processes: 10, margin: 0.02 })).not.toContain('regressed');
});

test.each(['javascript', 'onnxruntime'] as const)(
  '2 %% more work is flagged at a margin of 1 %% in every 14 processes of %s',
  (workload) => {
    expect(every('regressed', verdicts(recorded[workload].more, { processes: 14, margin: 0.01 }))).toBe(true);
  },
);

test('two threads on two busy processors are too noisy for 2 %, and nothing is claimed', () => {
  const { same, more } = recorded['onnxruntime, 2 threads'];
  expect(Math.sqrt(sampleVariance(same))).toBeGreaterThan(0.04);
  const found = verdicts(more, { processes: 14, margin: 0.02 });
  expect(every('inconclusive', found)).toBe(true);
});

test('one process that read identical code as 12 % apart does not move the verdict', () => {
  const { same } = recorded.javascript;
  const stray = same.filter((shift) => Math.abs(shift) > 0.1);
  expect(stray).toEqual([expect.closeTo(-0.127, 3)]);
  expect(Math.abs(hodgesLehmann(same))).toBeLessThan(0.001);
});

test('the raw pairs of a process give the shift kept for it, where a ratio of means is pages off', () => {
  for (const { same, more, rawMicroseconds } of [recorded.javascript, recorded.onnxruntime])
    for (const [process, raw] of rawMicroseconds.entries()) {
      expect(medianLogRatio({ baseline: raw.baseline, variant: raw.same })).toBeCloseTo(
        same[process] ?? NaN,
        3,
      );
      expect(medianLogRatio({ baseline: raw.baseline, variant: raw.more })).toBeCloseTo(
        more[process] ?? NaN,
        3,
      );
    }
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  const byMeans = recorded.onnxruntime.rawMicroseconds.map(({ baseline, same }) =>
    Math.log(total(same) / total(baseline)),
  );
  expect(Math.max(...byMeans.map(Math.abs))).toBeGreaterThan(0.02);
});
