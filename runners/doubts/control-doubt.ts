import type { LatencyComparison } from '../../results/latency-schema.ts';
import type { Warning } from '../../results/warning-schema.ts';
import { measureMore, type Situation } from './situation.ts';

/** Whether the baseline, timed against itself, was judged different: then the machine is seen, not the variants. */
export function hasControlFailed(control: LatencyComparison | null): boolean {
  return control?.verdict === 'regressed' || control?.verdict === 'improved';
}

export function controlDoubt(control: LatencyComparison | null, situation: Situation): Warning[] {
  if (control === null || !hasControlFailed(control)) return [];
  const percent = ((control.ratio - 1) * 100).toFixed(1);
  return [
    {
      code: 'control-failed',
      detail: `The baseline timed against itself differed by ${percent} %: latency verdicts of this group are withheld.`,
      advice: `${measureMore(situation)}, at a quieter time; assay calibrate tells how noisy this machine is`,
    },
  ];
}
