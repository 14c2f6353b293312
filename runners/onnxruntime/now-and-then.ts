import { setImmediate as nextTurn } from 'node:timers/promises';

/** What a message may wait. */
const mostMs = 5;

let lastMs = -Infinity;

/** Lets the event loop have a turn where it had none for a while: one for each call would take as long as a small model. */
export async function turnNowAndThen(nowMs = performance.now()): Promise<void> {
  if (nowMs - lastMs < mostMs) return;
  lastMs = nowMs;
  await nextTurn();
}
