import { expect, test } from 'vitest';
import { turnNowAndThen } from '../../../runners/onnxruntime/now-and-then.ts';

/** Whether the event loop had a turn meanwhile. */
async function hadTurn(atMs: number): Promise<boolean> {
  let isSeen = false;
  const seen = setImmediate(() => (isSeen = true));
  await turnNowAndThen(atMs);
  clearImmediate(seen);
  return isSeen;
}

test('messages have a turn after some milliseconds of calls, and not at each call', async () => {
  const turns: boolean[] = [];
  for (const atMs of [0, 1, 4, 6, 7, 20]) turns.push(await hadTurn(atMs));
  expect(turns).toEqual([true, false, false, true, false, true]);
});
