import {
  compareShifts,
  type LatencyComparedShifts,
  type LatencyDesign,
} from '../../results/compare-latency.ts';
import { forms } from '../../runners/form.ts';

/** What a run in the default form with one variant and a margin of 2 % asks. */
export const design: LatencyDesign = {
  maxSlowdown: 0.02,
  falseAlarms: 0.01,
  alpha: 0.05,
  looks: forms.default.looks,
  comparisons: 1,
};

/**
 * Judges variants as a run does: fresh processes up to the next look for those not decided yet, until all are or the looks
 * are over. `draw` gives the shifts of one process, one a variant.
 */
export function judgeAtLooks(
  draw: (process: number) => readonly number[],
  asked: LatencyDesign = design,
): LatencyComparedShifts[] {
  let compared: (LatencyComparedShifts | null)[] = [];
  const shifts: number[][] = Array.from({ length: asked.comparisons }, () => []);
  let undecided = shifts;
  let process = 0;
  for (const look of asked.looks) {
    for (; process < look; process++)
      for (const [variant, shift] of draw(process).entries()) {
        const known = shifts[variant];
        if (known !== undefined && undecided.includes(known)) known.push(shift);
      }
    compared = compareShifts(shifts, asked);
    undecided = shifts.filter((_, variant) => compared[variant]?.verdict === 'inconclusive');
    if (undecided.length === 0) break;
  }
  return compared.filter((one) => one !== null);
}
