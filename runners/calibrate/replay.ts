import { createRandom, type Random } from '../../core/random.ts';
import type { VerdictName } from '../../core/verdict.ts';
import { latencyVerdicts, type LatencyDesign } from '../../results/compare-latency.ts';

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
    counts[judgeAtLooks(() => drawShift(shifts, random) + added, design)]++;
  return counts;
}

function drawShift(shifts: readonly number[], random: Random): number {
  const shift = shifts[random.below(shifts.length)] ?? 0;
  return random.next() < 0.5 ? -shift : shift;
}

function judgeAtLooks(draw: () => number, design: LatencyDesign): VerdictName {
  const drawn: number[] = [];
  for (const look of design.looks) {
    while (drawn.length < look) drawn.push(draw());
    const [verdict = 'inconclusive'] = latencyVerdicts([drawn], design);
    if (verdict !== 'inconclusive') return verdict;
  }
  return 'inconclusive';
}
