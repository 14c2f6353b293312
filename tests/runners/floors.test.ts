import { expect, test } from 'vitest';
import { measureTimer } from '../../runners/floors.ts';
import { systemClock, type Clock } from '../../core/clock.ts';

/** A clock whose readings take 0.25 ms each but which shows whole milliseconds only. */
function coarseClock(): Clock {
  let nowMs = 0;
  return { ...systemClock, nowMs: () => Math.floor((nowMs += 0.25)) };
}

test('a coarse clock is known by its steps, and its cost by many readings', () => {
  const { stepMs, costMs } = measureTimer(coarseClock());
  expect(stepMs).toBe(1);
  expect(costMs).toBeCloseTo(0.25, 2);
});

test('the clock of this machine has a step and a cost', () => {
  const { stepMs, costMs } = measureTimer(systemClock);
  expect(stepMs).toBeGreaterThan(0);
  expect(costMs).toBeGreaterThan(0);
});
