import { expect, test } from 'vitest';
import { controlFault } from '../../../runners/doubts/control-doubt.ts';
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
  expect(controlFault(twins(1))).toBeNull();
});

test.each([
  [1.2, '20.1 %'],
  [0.8, '-20.0 %'],
])('a baseline that takes %f of its own time is, with the figure', (ratio, percent) => {
  expect(controlFault(twins(ratio))).toBe(`the baseline timed against itself differed by ${percent}`);
});

test('a baseline that was not timed against itself is, too', () => {
  expect(controlFault(null)).toBe('the baseline could not be timed against itself');
});
