import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../core/random.ts';
import { mean, sampleVariance } from '../../core/statistics/summary.ts';
import type { VerdictName } from '../../core/verdict.ts';
import { compareShifts, medianLogRatio, type LatencyComparedShifts } from '../../results/compare-latency.ts';
import { twoPercentDesign as design } from '../../runners/calibrate/two-percent-design.ts';
import { compareAtLooks } from './compare-at-looks.ts';

/** Unit times of one fresh process, pair by pair: `same` runs the baseline's code again, `more` does 2 % more work. */
interface RecordedProcess {
  baseline: number[];
  same: number[];
  more: number[];
}

/**
 * Thirty processes of each workload, recorded on a shared machine with two virtual CPUs under load, packed by
 * tests/oracle/statistics/extract_traces.py.
 */
const recorded = JSON.parse(
  gunzipSync(readFileSync(new URL('../golden/traces/timings.json.gz', import.meta.url))).toString(),
) as Record<'javascript' | 'onnxruntime' | 'onnxruntime, 2 threads', RecordedProcess[]>;

type Workload = keyof typeof recorded;

function shiftsOf(workload: Workload, variant: 'same' | 'more'): number[] {
  return recorded[workload].map((process) =>
    medianLogRatio({ baseline: process.baseline, variant: process[variant] }),
  );
}

/** The same two with their names exchanged. */
const swapped = (shifts: readonly number[]): number[] => shifts.map((shift) => -shift);

/** What is decided from each process on, the recording taken as a ring. */
function decideFromEach(shifts: readonly number[]): LatencyComparedShifts[] {
  return shifts.flatMap((_, start) =>
    compareAtLooks((process) => [shifts[(start + process) % shifts.length] ?? NaN]),
  );
}

/** What is decided of processes drawn again and again, with replacement. */
function decideResamples(shifts: readonly number[], runs: number): LatencyComparedShifts[] {
  const random = createRandom(1);
  return Array.from({ length: runs }, () =>
    compareAtLooks(() => [shifts[random.below(shifts.length)] ?? NaN]),
  ).flat();
}

const share = (outcomes: readonly LatencyComparedShifts[], verdict: VerdictName): number =>
  outcomes.filter((outcome) => outcome.verdict === verdict).length / outcomes.length;

const runs = 1000;

describe.each(['javascript', 'onnxruntime'] as const)('recorded %s', (workload) => {
  const [same, more] = [shiftsOf(workload, 'same'), shiftsOf(workload, 'more')];

  test('the same code passes a margin of 2 %, whichever process comes first and whichever is the baseline', () => {
    expect(share(decideFromEach(same), 'pass')).toBe(1);
    expect(share(decideFromEach(swapped(same)), 'pass')).toBe(1);
  });

  test('2 % more work is flagged, whichever process comes first', () => {
    expect(share(decideFromEach(more), 'regressed')).toBe(1);
  });

  test('2 % less work is never flagged: an improvement, or at least a pass', () => {
    const verdicts = decideFromEach(swapped(more)).map(({ verdict }) => verdict);
    expect(new Set(verdicts).difference(new Set(['improved', 'pass']))).toEqual(new Set());
    expect(verdicts).toContain('improved');
  });

  test('of resampled processes, 2 % more work is flagged in 95 of a hundred and the same code in at most one', () => {
    expect(share(decideResamples(more, runs), 'regressed')).toBeGreaterThanOrEqual(0.95);
    expect(share(decideResamples(same, runs), 'regressed')).toBeLessThanOrEqual(0.01);
    expect(share(decideResamples(swapped(same), runs), 'regressed')).toBeLessThanOrEqual(0.01);
  });
});

test('two threads on two busy processors are too noisy for 2 %: undecided, with the effect that would have been seen', () => {
  const more = shiftsOf('onnxruntime, 2 threads', 'more');
  expect(Math.sqrt(sampleVariance(more))).toBeGreaterThan(0.04);
  const decided = decideFromEach(more);
  expect(decided.map(({ verdict }) => verdict)).not.toContain('improved');
  const undecided = decided.filter(({ verdict }) => verdict === 'inconclusive');
  expect(undecided.length).toBeGreaterThan(decided.length / 2);
  for (const { processes, minimumDetectableEffect, reason } of undecided) {
    expect(processes).toBe(28);
    expect(minimumDetectableEffect).toBeGreaterThan(0.02);
    expect(reason).toContain('They would have shown');
  }
});

test('one process that read identical code as 12 % apart does not move the verdict', () => {
  const same = shiftsOf('javascript', 'same');
  expect(same.filter((shift) => Math.abs(shift) > 0.1)).toEqual([expect.closeTo(-0.127, 3)]);
  const whole = compareAtLooks((process) => [same[process + 2] ?? NaN], { ...design, looks: [28] });
  expect(whole).toMatchObject([{ verdict: 'pass', ratio: expect.closeTo(1, 2) as number }]);
});

test('a ratio of means of the same pairs is pages off where the median of paired ratios is not', () => {
  const byMeans = recorded.onnxruntime.map(({ baseline, same }) => Math.log(mean(same) / mean(baseline)));
  const byMedians = shiftsOf('onnxruntime', 'same');
  expect(Math.sqrt(sampleVariance(byMeans))).toBeGreaterThan(2 * Math.sqrt(sampleVariance(byMedians)));
});

test('three processes are too few to decide, and say so', () => {
  const compared = compareShifts([shiftsOf('javascript', 'more').slice(0, 3)], design);
  expect(compared).toMatchObject([{ verdict: 'inconclusive', processes: 3, evidence: null }]);
});
