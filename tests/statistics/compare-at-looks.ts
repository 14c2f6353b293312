import {
  compareShifts,
  type LatencyComparedShifts,
  type LatencyDesign,
} from '../../results/compare-latency.ts';
import { judgeAtLooks } from '../../results/judge-at-looks.ts';
import { twoPercentDesign } from '../../runners/calibrate/two-percent-design.ts';

/** What a run tells of variants it judges at looks: `judgeAtLooks` with all figures. */
export function compareAtLooks(
  draw: (process: number) => readonly number[],
  design: LatencyDesign = twoPercentDesign,
): LatencyComparedShifts[] {
  const judged = judgeAtLooks(draw, design);
  const compared = compareShifts(
    judged.map(({ shifts }) => shifts),
    design,
  );
  return compared.filter((one) => one !== null);
}
