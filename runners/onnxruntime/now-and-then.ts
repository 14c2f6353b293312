import { setImmediate as nextTurn } from 'node:timers/promises';

/** What a message may wait. */
const mostMs = 5;

let lastMs = -Infinity;

/** A turn of the event loop where it had none for a while, else null: one for each call would take as long as a small model. */
export function turnNowAndThen(nowMs = performance.now()): Promise<void> | null {
  if (nowMs - lastMs < mostMs) return null;
  lastMs = nowMs;
  return nextTurn();
}
