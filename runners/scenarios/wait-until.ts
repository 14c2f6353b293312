import type { Clock } from '../../core/clock.ts';

/** Sleep ends late by up to about so much; the rest is waited for in a loop. */
const loopMs = 0.2;

const sleeper = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Blocks this thread until then: a timer of the event loop would be a millisecond late. */
export function blockUntil(timeMs: number, clock: Pick<Clock, 'nowMs'>): void {
  const sleepMs = timeMs - clock.nowMs() - loopMs;
  if (sleepMs > 0) Atomics.wait(sleeper, 0, 0, sleepMs);
  while (clock.nowMs() < timeMs);
}
