import type { Clock } from '../core/clock.ts';
import { median, sortAscending } from '../core/statistics/quantile.ts';

/** What the clock itself does to a timing, in milliseconds. */
export interface TimerFloor {
  /** Smallest difference between two readings that is not 0. */
  stepMs: number;
  /** Median cost of a reading. */
  costMs: number;
}

const batches = 31;
const readingsOfBatch = 1000;

/** Reads the clock over and over, about 31,000 times: some milliseconds. */
export function measureTimer(clock: Clock): TimerFloor {
  let stepMs = Infinity;
  const costsMs: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const start = clock.nowMs();
    let now = start;
    for (let reading = 0; reading < readingsOfBatch; reading++) {
      const next = clock.nowMs();
      if (next > now) stepMs = Math.min(stepMs, next - now);
      now = next;
    }
    costsMs.push((now - start) / readingsOfBatch);
  }
  return { stepMs, costMs: median(sortAscending(costsMs)) };
}
