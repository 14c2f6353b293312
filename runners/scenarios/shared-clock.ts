import { systemClock, type Clock } from '../../core/clock.ts';

/** A clock on which all threads of this process read the same time: `performance.now()` counts from the start of its thread. */
export function createSharedClock(): Clock {
  const offsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
  return { ...systemClock, nowMs: () => performance.now() + offsetMs };
}
