import type { ProcessPairs } from '../../results/latency-schema.ts';
import type { ContenderTimes, GroupTimes } from './group-times.ts';

type Timed = Extract<ContenderTimes, { status: 'timed' }>;

/** The rounds of every contender beside the baseline's, process by process. */
export function pairsOf(
  { contenders }: Pick<GroupTimes, 'contenders'>,
  baselineName: string,
): ProcessPairs[] {
  const baseline = contenders.find(({ name }) => name === baselineName);
  if (baseline?.status !== 'timed') return [];
  return contenders.flatMap((one) =>
    one.status === 'timed' && one.name !== baselineName ? pairedProcesses(baseline, one) : [],
  );
}

function pairedProcesses(baseline: Timed, variant: Timed): ProcessPairs[] {
  return variant.processes.flatMap((process, index) => {
    const against = baseline.processes[index];
    if (against === undefined) return [];
    const pairs = Math.min(against.roundMs.length, process.roundMs.length);
    const toMs = (values: Float64Array): number[] =>
      Array.from(values.subarray(0, pairs), roundToNanoseconds);
    const [baselineMs, variantMs] = [toMs(against.roundMs), toMs(process.roundMs)];
    return [{ variant: variant.name, process: index, baselineMs, variantMs }];
  });
}

/** The clock tells no more, and the record stays small. */
function roundToNanoseconds(ms: number): number {
  return Math.round(ms * 1e6) / 1e6;
}
