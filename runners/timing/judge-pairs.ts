import { compareShifts, medianLogRatio, type LatencyDesign } from '../../results/compare-latency.ts';
import type { LatencyComparison, ProcessPairs } from '../../results/latency-schema.ts';
import { controlName } from './group-times.ts';

/** What is kept of the times of a group. */
export interface KeptTimes {
  pairs: readonly ProcessPairs[];
  /** By contender; null where CPU time says nothing. */
  cpuRatios: ReadonlyMap<string, number | null>;
}

/**
 * Judges every contender of a group against the baseline by its pairs, by name; null where they are too few. The control
 * stands apart: it is not one of the comparisons that share the chance of a false alarm.
 */
export function judgePairs(times: KeptTimes, design: LatencyDesign): Map<string, LatencyComparison | null> {
  const byName = Map.groupBy(times.pairs, ({ variant }) => variant);
  const names = [...byName.keys()];
  const control = names.filter((name) => name === controlName);
  const variants = names.filter((name) => name !== controlName);
  const compare = (some: readonly string[], by: LatencyDesign): [string, LatencyComparison | null][] => {
    const processes = some.map((name) => byName.get(name) ?? []);
    const compared = compareShifts(processes.map(shiftsOf), by);
    return some.map((name, index) => {
      const found = compared[index];
      if (found == null) return [name, null];
      const pairs = (processes[index] ?? []).reduce((sum, { variantMs }) => sum + variantMs.length, 0);
      return [name, { ...found, pairs, cpuRatio: times.cpuRatios.get(name) ?? null }];
    });
  };
  return new Map([...compare(variants, design), ...compare(control, { ...design, comparisons: 1 })]);
}

function shiftsOf(processes: readonly ProcessPairs[]): number[] {
  return processes.map(({ baselineMs, variantMs }) =>
    medianLogRatio({ baseline: baselineMs, variant: variantMs }),
  );
}
