import type { TimedOutcome } from '../results/schema.ts';
import type { FailuresByCell } from './evaluate-cells.ts';
import { baselineOf, type PreparedCell, type PreparedGroup } from './prepare-cells.ts';
import type { Probe } from './runner.ts';

/** What decides whether a cell is timed. */
export interface Untimed {
  group: PreparedGroup;
  failures: FailuresByCell;
  /** Of the target. */
  probe: Probe | undefined;
}

type Skipped = Extract<TimedOutcome, { status: 'skipped' }>;

/** Why the speed of a cell is not measured; null where it is. What cannot be evaluated would only fail once more, and take longer. */
export function whyUntimed(cell: PreparedCell, { group, failures, probe }: Untimed): Skipped | null {
  if (cell.plan.status === 'skipped') return cell.plan;
  if (isFailed(cell, failures)) return notEvaluated('its quality could not be evaluated');
  const baseline = baselineOf(group);
  if (baseline.plan.status === 'skipped') return baseline.plan;
  if (isFailed(baseline, failures)) return notEvaluated('the quality of its baseline could not be evaluated');
  if (probe?.status !== 'works' || !probe.isSoftware) return null;
  const reason = 'the GPU adapter is software: its speed says nothing of a GPU';
  return { status: 'skipped', code: 'not-applicable', reason };
}

function isFailed({ plan, job }: PreparedCell, failures: FailuresByCell): boolean {
  return plan.status === 'failed' || failures.has(job.id);
}

function notEvaluated(reason: string): Skipped {
  return { status: 'skipped', code: 'not-evaluated', reason };
}
