import type { ProcessTimes } from '../../results/compare-latency.ts';
import type { Collected } from './rule.ts';

/** One process that runs all of the baseline, then all of the variant: the first half of one, the second of the other. */
export function oneAfterTheOther([process]: readonly ProcessTimes[]): Collected {
  const { baseline, variant } = interleaved(process === undefined ? [] : [process]);
  const half = Math.floor(baseline.length / 2);
  return { baseline: baseline.slice(0, half), variant: variant.slice(half) };
}

/** A run of the baseline and, later, a run of the variant: each from a process of its own. */
export function separateRuns([earlier, later]: readonly ProcessTimes[]): Collected {
  return { baseline: Array.from(earlier?.baseline ?? []), variant: Array.from(later?.variant ?? []) };
}

/** One process that runs them in turn, as they were recorded. */
export function interleaved([process]: readonly ProcessTimes[]): Collected {
  return { baseline: Array.from(process?.baseline ?? []), variant: Array.from(process?.variant ?? []) };
}

/** The mean of each of so many runs of consecutive values, as near to equal length as can be. */
export function meansOfRuns(values: readonly number[], runs: number): number[] {
  const count = Math.min(runs, values.length);
  return Array.from({ length: count }, (_, run) => {
    const [start, end] = [run, run + 1].map((edge) => Math.round((edge * values.length) / count));
    const part = values.slice(start, end);
    return part.reduce((total, value) => total + value, 0) / part.length;
  });
}
