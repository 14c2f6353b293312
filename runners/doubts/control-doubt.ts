import type { LatencyComparison } from '../../results/latency-schema.ts';
import type { TimedOutcome } from '../../results/schema.ts';
import type { Warning } from '../../results/warning-schema.ts';
import { measureMore, type Situation } from './situation.ts';

/** How the control failed; null where it did not, or nobody knows. */
export type ControlFailure = Extract<TimedOutcome, { status: 'failed' }> | null;

/** Why the machine, not the variants, is seen: the baseline differs from itself or was not timed against itself. Else null. */
export function controlFault(control: LatencyComparison | null, failure: ControlFailure): string | null {
  if (control === null) {
    const why = failure === null ? '' : ` (${failure.code}: ${failure.reason})`;
    return `the baseline could not be timed against itself${why}`;
  }
  if (control.verdict !== 'regressed' && control.verdict !== 'improved') return null;
  return `the baseline timed against itself differed by ${((control.ratio - 1) * 100).toFixed(1)} %`;
}

const again =
  'run again: the same model was timed beside it; one that fails now and then is a fault of its runtime or driver';

/** What gives a control that failed another chance. */
const remedies: Readonly<Record<NonNullable<ControlFailure>['code'], string>> = {
  crashed: again,
  error: again,
  'out-of-memory': 'give cells more memory by --memory-limit, or "memoryMiB" of "limits" in the suite',
  timeout: 'give cells more time by --cell-timeout, or "timeoutSeconds" of "limits" in the suite',
};

/** Of a group in which something was compared. */
export function controlDoubt(
  control: LatencyComparison | null,
  failure: ControlFailure,
  situation: Situation,
): Warning[] {
  const fault = controlFault(control, failure);
  if (fault === null) return [];
  const detail = `Latency verdicts of this group are withheld: ${fault}.`;
  const quieter = `${measureMore(situation)}, at a quieter time; assay calibrate tells how noisy this machine is`;
  const advice = control === null && failure !== null ? remedies[failure.code] : quieter;
  return [{ code: 'control-failed', detail, advice }];
}
