import { medianLogRatio, type ProcessTimes } from '../../results/compare-latency.ts';
import { judgeAtLooks } from '../../results/judge-at-looks.ts';
import { twoPercentDesign as design } from '../../runners/calibrate/two-percent-design.ts';
import type { PeerRule } from '../peers-rules/rule.ts';

/** What a peer's rule says of every process, or of every pair of them where it compares runs; no process counts twice. */
export function decisionsOfPeer(rule: PeerRule, processes: readonly ProcessTimes[]): boolean[] {
  const decisions = Math.floor(processes.length / rule.processes);
  return Array.from({ length: decisions }, (_, decision) => {
    const start = decision * rule.processes;
    return rule.flags(processes.slice(start, start + rule.processes));
  });
}

/**
 * What Assay says: as many processes as it takes to decide, then the next that are left. Processes without times of the
 * variant came after its decision; too few processes for a first look are no decision.
 */
export function decisionsOfAssay(processes: readonly ProcessTimes[]): boolean[] {
  const shifts = processes
    .filter(({ baseline, variant }) => Math.min(baseline.length, variant.length) > 0)
    .map(medianLogRatio);
  const decisions: boolean[] = [];
  for (let start = 0; start + design.looks[0] <= shifts.length;) {
    const left = shifts.slice(start);
    const [judged] = judgeAtLooks((process) => left.slice(process, process + 1), design, left.length);
    decisions.push(judged?.verdict === 'regressed');
    start += judged?.shifts.length ?? left.length;
  }
  return decisions;
}
