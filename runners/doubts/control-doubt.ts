import type { LatencyComparison } from '../../results/latency-schema.ts';
import type { Warning } from '../../results/warning-schema.ts';
import { measureMore, type Situation } from './situation.ts';

/** Why the machine, not the variants, is seen: the baseline differs from itself or was not timed against itself. Else null. */
export function controlFault(control: LatencyComparison | null): string | null {
  if (control === null) return 'the baseline could not be timed against itself';
  if (control.verdict !== 'regressed' && control.verdict !== 'improved') return null;
  return `the baseline timed against itself differed by ${((control.ratio - 1) * 100).toFixed(1)} %`;
}

/** Of a group in which something was compared. */
export function controlDoubt(control: LatencyComparison | null, situation: Situation): Warning[] {
  const fault = controlFault(control);
  if (fault === null) return [];
  const detail = `Latency verdicts of this group are withheld: ${fault}.`;
  const advice = `${measureMore(situation)}, at a quieter time; assay calibrate tells how noisy this machine is`;
  return [{ code: 'control-failed', detail, advice }];
}
