import { hodgesLehmann } from '../../core/statistics/signed-rank.ts';
import { compareShifts, medianLogRatio, type LatencyDesign } from '../../results/compare-latency.ts';
import type { LatencyComparison } from '../../results/latency-schema.ts';
import type { Contender } from './request.ts';
import { controlName, type ContenderTimes, type GroupTimes } from './group-times.ts';

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

/**
 * Judges every timed contender against the baseline, by name. The control stands apart: it is not one of the comparisons
 * that share the chance of a false alarm.
 */
export function judgeTimes(
  { contenders }: Pick<GroupTimes, 'contenders'>,
  baselineName: string,
  design: LatencyDesign,
): Map<string, LatencyComparison | null> {
  const timed = contenders.filter((one) => one.status === 'timed');
  const baseline = timed.find(({ name }) => name === baselineName);
  if (baseline === undefined) return new Map();
  const variants = timed.filter(({ name }) => name !== baselineName && name !== controlName);
  const control = timed.filter(({ name }) => name === controlName);
  return new Map([
    ...compareAll(baseline, variants, design),
    ...compareAll(baseline, control, { ...design, comparisons: 1 }),
  ]);
}

function compareAll(
  baseline: Timed,
  variants: readonly Timed[],
  design: LatencyDesign,
): [string, LatencyComparison | null][] {
  const shifts = variants.map((variant) => shiftsOf(baseline, variant, 'roundMs'));
  const compared = compareShifts(shifts, design);
  return variants.map((variant, index) => {
    const found = compared[index];
    if (found == null) return [variant.name, null];
    const pairs = variant.processes.reduce((sum, { roundMs }) => sum + roundMs.length, 0);
    return [variant.name, { ...found, pairs, cpuRatio: cpuRatioOf(baseline, variant) }];
  });
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

function cpuRatioOf(baseline: Timed, variant: Timed): number | null {
  const shifts = shiftsOf(baseline, variant, 'roundCpuMs');
  return shifts.length > 0 && shifts.every(Number.isFinite) ? Math.exp(hodgesLehmann(shifts)) : null;
}

/** One shift a process; a variant's processes are the first ones of the baseline's. */
function shiftsOf(baseline: Timed, variant: Timed, unit: 'roundMs' | 'roundCpuMs'): number[] {
  return variant.processes.map((process, index) =>
    medianLogRatio({ baseline: baseline.processes[index]?.[unit] ?? [], variant: process[unit] }),
  );
}
