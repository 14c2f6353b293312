import type { LatencyDesign } from '../results/compare-latency.ts';
import type { LatencyComparison } from '../results/latency-schema.ts';
import type { GroupRecord, TimedOutcome } from '../results/schema.ts';
import { controlFault } from './doubts/control-doubt.ts';
import type { Quality } from './evaluate-cells.ts';
import type { AdviceByCell } from './explain/advise-groups.ts';
import { judgeQuality, nothingToCompare } from './judge-quality.ts';
import type { PreparedCell, PreparedGroup } from './prepare-cells.ts';
import type { TimedGroup } from './timed-group.ts';
import { controlName } from './timing/group-times.ts';
import { judgePairs } from './timing/judge-pairs.ts';

/** What judging a group adds to its record. */
export type Judged = Pick<GroupRecord, 'variants' | 'control'>;

export interface Evidence {
  quality: Quality;
  advice: AdviceByCell;
  /** Null where nothing was timed. */
  timed: TimedGroup | null;
  design: LatencyDesign;
  /** Of a cell that was not timed. */
  whyUntimed: (cell: PreparedCell) => TimedOutcome | null;
}

/** Judges every variant of a group against the baseline: quality on the same samples, latency in the same processes. */
export function judgeGroup(group: PreparedGroup, evidence: Evidence): Judged {
  const { timed, design, advice } = evidence;
  const { predictions } = evidence.quality;
  const latencies = timed === null ? new Map<string, null>() : judgePairs(timed, design);
  const control = latencies.get(controlName) ?? null;
  const fault = controlFault(control, timed?.controlFailure ?? null);
  const quality = judgeQuality(group, predictions);
  const variants = group.cells.map((cell) => ({
    variant: cell.variant,
    predictionsSha256: predictions.get(cell.job.id)?.sha256 ?? null,
    advice: advice.get(cell.job.id)?.map((one) => ({ ...one })) ?? null,
    layers: null,
    consistency: null,
    timed: timedOf(cell, evidence),
    ...(quality.get(cell.variant.name) ?? nothingToCompare),
    latency: cell.variant.isBaseline ? null : settled(fault, latencies.get(cell.variant.name) ?? null),
  }));
  return { variants, control };
}

function timedOf(cell: PreparedCell, { timed, whyUntimed }: Evidence): TimedOutcome {
  const found = timed?.outcomes.get(cell.variant.name) ?? whyUntimed(cell);
  if (found === null) throw new Error(`internal: ${cell.variant.name} was not timed`);
  return found;
}

/** Withheld where there is no control to trust. */
function settled(fault: string | null, latency: LatencyComparison | null): LatencyComparison | null {
  if (latency === null || fault === null) return latency;
  const reason = `Withheld: ${fault}. ${latency.reason}`;
  return { ...latency, verdict: 'inconclusive', isWithheld: true, reason };
}
