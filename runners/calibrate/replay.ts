import { createRandom, type Random } from '../../core/random.ts';
import type { VerdictName } from '../../core/verdict.ts';
import type { LatencyDesign } from '../../results/compare-latency.ts';
import { judgeAtLooks } from '../../results/judge-at-looks.ts';

/** What to replay: shifts of identical models, and a true shift to add to each. */
export interface Replay {
  shifts: readonly number[];
  added: number;
  replays: number;
  seed: number;
}

/**
 * Judges so many comparisons whose processes are drawn, with replacement and a random sign, from measured ones: twins are
 * exchangeable, so either sign is as likely. Each is looked at as a run looks, until it is decided. Returns how often each
 * verdict came out.
 */
export function replayVerdicts(
  { shifts, added, replays, seed }: Replay,
  design: LatencyDesign,
): Record<VerdictName, number> {
  const random = createRandom(seed);
  const counts = { improved: 0, pass: 0, regressed: 0, inconclusive: 0 };
  for (let replay = 0; replay < replays; replay++)
    for (const { verdict } of judgeAtLooks(() => [drawShift(shifts, random) + added], design))
      counts[verdict]++;
  return counts;
}

function drawShift(shifts: readonly number[], random: Random): number {
  const shift = shifts[random.below(shifts.length)] ?? 0;
  return random.next() < 0.5 ? -shift : shift;
}
