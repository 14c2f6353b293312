import { hodgesLehmann } from '../../core/statistics/signed-rank.ts';
import { medianLogRatio, type LatencyDesign } from '../../results/compare-latency.ts';
import type { LatencyComparison } from '../../results/latency-schema.ts';
import type { Contender } from './request.ts';
import { controlName, type ContenderTimes, type GroupTimes } from './group-times.ts';
import { judgePairs } from './judge-pairs.ts';
import { pairsOf } from './pairs.ts';

type Timed = Extract<ContenderTimes, { status: 'timed' }>;

/** Which variants need further processes for a verdict. */
export function undecidedNames(
  times: GroupTimes,
  { contenders, design }: { contenders: readonly Contender[]; design: LatencyDesign },
): string[] {
  const judged = judgeTimes(times, contenders[0]?.name ?? '', design);
  return [...judged]
    .filter(([name, comparison]) => name !== controlName && comparison?.verdict === 'inconclusive')
    .map(([name]) => name);
}

/** Judges every timed contender against the baseline, by name, from the pairs that a record keeps. */
export function judgeTimes(
  times: Pick<GroupTimes, 'contenders'>,
  baselineName: string,
  design: LatencyDesign,
): Map<string, LatencyComparison | null> {
  const cpuRatios = cpuRatiosOf(times, baselineName);
  return judgePairs({ pairs: pairsOf(times, baselineName), cpuRatios }, design);
}

/** The ratio of CPU times of every timed contender to the baseline's, by name; null where it was not recorded. */
export function cpuRatiosOf(
  { contenders }: Pick<GroupTimes, 'contenders'>,
  baselineName: string,
): Map<string, number | null> {
  const timed = contenders.filter((one) => one.status === 'timed');
  const baseline = timed.find(({ name }) => name === baselineName);
  if (baseline === undefined) return new Map();
  return new Map(timed.map((variant) => [variant.name, cpuRatioOf(baseline, variant)]));
}

/** One shift a process; a variant's processes are the first ones of the baseline's. */
function cpuRatioOf(baseline: Timed, variant: Timed): number | null {
  const shifts = variant.processes.map(({ roundCpuMs }, index) =>
    medianLogRatio({ baseline: baseline.processes[index]?.roundCpuMs ?? [], variant: roundCpuMs }),
  );
  return shifts.length > 0 && shifts.every(Number.isFinite) ? Math.exp(hodgesLehmann(shifts)) : null;
}
