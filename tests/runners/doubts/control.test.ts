import { expect, test } from 'vitest';
import { controlDoubt, controlFault } from '../../../runners/doubts/control-doubt.ts';
import { latencyComparison, singleLook } from '../../fakes/latency-comparison.ts';

/** Ten processes in which the second side takes so many times as long. */
function twins(ratio: number): ReturnType<typeof latencyComparison> {
  const processes = Array.from({ length: 10 }, (_, index) => ({
    baseline: [1],
    variant: [ratio * (1 + index * 1e-4)],
  }));
  return latencyComparison(processes, singleLook);
}

test('a baseline that is as fast as itself is no fault', () => {
  expect(controlFault(twins(1), null)).toBeNull();
});

test.each([
  [1.2, '20.1 %'],
  [0.8, '-20.0 %'],
])('a baseline that takes %f of its own time is, with the figure', (ratio, percent) => {
  expect(controlFault(twins(ratio), null)).toBe(`the baseline timed against itself differed by ${percent}`);
});

test('a baseline that was not timed against itself is, too', () => {
  expect(controlFault(null, null)).toBe('the baseline could not be timed against itself');
});

test.each([
  ['timeout', 'no answer within 500 ms', '--cell-timeout'],
  ['out-of-memory', 'the process took 90 MiB of memory; 64 MiB are allowed', '--memory-limit'],
  ['crashed', 'the process ended by signal SIGSEGV', 'run again'],
] as const)('a control that failed by %s says why, and what fits that', (code, reason, remedy) => {
  const failure = { status: 'failed', code, reason, stderrTail: null } as const;
  const situation = { form: 'quick', threads: 1, device: 'cpu' } as const;
  const [doubt] = controlDoubt(null, failure, situation);
  expect(doubt?.detail).toContain(`could not be timed against itself (${code}: ${reason}).`);
  expect(doubt?.advice).toContain(remedy);
  expect(doubt?.advice).not.toContain('--quick');
});
