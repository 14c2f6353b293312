import type { VerdictName } from '../core/verdict.ts';
import { latencyVerdicts, type LatencyDesign } from './compare-latency.ts';

/** A variant when the looking has ended: its verdict, and the shifts of the processes it ran in. */
export interface JudgedAtLooks {
  verdict: VerdictName;
  shifts: readonly number[];
}

/**
 * Judges variants as a run does: fresh processes up to the next look for those not decided yet, until all are, the looks are
 * over, or the next would take more than `most` processes; then nothing is judged where that is the first. `draw` gives the
 * shifts of one process, one a variant.
 */
export function judgeAtLooks(
  draw: (process: number) => readonly number[],
  design: LatencyDesign,
  most = Infinity,
): JudgedAtLooks[] {
  const variants: Variant[] = [];
  let process = 0;
  for (const look of design.looks.filter((processes) => processes <= most)) {
    for (; process < look; process++) addShifts(variants, draw(process));
    const shifts = variants.map((variant) => variant.shifts);
    const verdicts = latencyVerdicts(shifts, design);
    for (const [index, variant] of variants.entries()) variant.verdict = verdicts[index] ?? 'inconclusive';
    if (!verdicts.includes('inconclusive')) break;
  }
  return variants;
}

interface Variant extends JudgedAtLooks {
  shifts: number[];
}

function addShifts(variants: Variant[], drawn: readonly number[]): void {
  for (const [index, shift] of drawn.entries()) {
    const { verdict, shifts } = (variants[index] ??= { verdict: 'inconclusive', shifts: [] });
    if (verdict === 'inconclusive') shifts.push(shift);
  }
}
