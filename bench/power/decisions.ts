import { compareShifts, medianLogRatio, type ProcessTimes } from '../../results/compare-latency.ts';
import { forms } from '../../runners/form.ts';
import type { PeerRule } from '../peers-rules/rule.ts';

/** The design of a run in the default form with one variant and a margin of 2 %. */
const design = {
  maxSlowdown: 0.02,
  falseAlarms: 0.01,
  alpha: 0.05,
  looks: forms.default.looks,
  comparisons: 1,
};

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
    const { verdict, used } = decide(shifts.slice(start));
    decisions.push(verdict === 'regressed');
    start += used;
  }
  return decisions;
}

function decide(shifts: readonly number[]): { verdict: string; used: number } {
  const reached = design.looks.filter((look) => look <= shifts.length);
  for (const look of reached) {
    const verdict = verdictOf(shifts.slice(0, look));
    if (verdict !== 'inconclusive') return { verdict, used: look };
  }
  return { verdict: 'inconclusive', used: reached.at(-1) ?? shifts.length };
}

function verdictOf(shifts: readonly number[]): string {
  return compareShifts([shifts], design)[0]?.verdict ?? 'inconclusive';
}
