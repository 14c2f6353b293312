import type { SampleSums } from '../metric.ts';
import { type CountedMetric, countedMetric } from './counted-metric.ts';
import { kindOf } from './kinds/registry.ts';
import type { Pair } from './pair.ts';
import { areAlike, sampleSums, sumAt } from './sample-sums.ts';
import type { Sampling } from './sampling.ts';

/** The difference of a metric when variant and baseline trade the outputs of the units marked 1; 0 where it is undefined. */
export interface SwappedDifference {
  of: (swapped: Uint8Array) => number;
  /** Whether it is put together of what samples add, and not computed anew. */
  isQuick: boolean;
}

export function swappedDifference(pair: Pair, { unitOf }: Sampling): SwappedDifference {
  const { metric, baseline, variant } = pair;
  const [before, after] = [sampleSums(metric, baseline), sampleSums(metric, variant)];
  if (before !== null && after !== null && areAlike(before, after))
    return { of: fromSums(before, after, unitOf), isQuick: true };
  const counted = countedMetric(metric, baseline, variant);
  if (counted !== null) return { of: fromCounts(counted, unitOf), isQuick: true };
  const { mix } = kindOf(baseline);
  const of = (swapped: Uint8Array): number => {
    const isOther = Uint8Array.from(unitOf, (unit) => swapped[unit]!);
    const [first, second] = [mix(baseline, variant, isOther), mix(variant, baseline, isOther)];
    return difference(metric.compute(first).value, metric.compute(second).value);
  };
  return { of, isQuick: false };
}

function difference(first: number | null, second: number | null): number {
  return first === null || second === null ? 0 : second - first || 0;
}

function fromSums(before: SampleSums, after: SampleSums, unitOf: Int32Array): SwappedDifference['of'] {
  const everyone = Int32Array.from(unitOf.keys());
  const ofVariant = sumAt(after, everyone);
  const total = sumAt(before, everyone).map((sum, column) => sum + ofVariant[column]!);
  return (swapped) => {
    const first = new Float64Array(before.width);
    for (let sample = 0; sample < unitOf.length; sample++)
      (swapped[unitOf[sample]!] === 1 ? after : before).addTo(first, 0, sample);
    const second = total.map((sum, column) => sum - first[column]!);
    return difference(before.metricOf(first), after.metricOf(second));
  };
}

function fromCounts(
  { sorts, sortOf: [before, after], ofCounts }: CountedMetric,
  unitOf: Int32Array,
): SwappedDifference['of'] {
  return (swapped) => {
    const [first, second] = [new Float64Array(sorts), new Float64Array(sorts)];
    for (let sample = 0; sample < unitOf.length; sample++) {
      const isSwapped = swapped[unitOf[sample]!] === 1;
      first[isSwapped ? after[sample]! : before[sample]!]! += 1;
      second[isSwapped ? before[sample]! : after[sample]!]! += 1;
    }
    return difference(ofCounts(first), ofCounts(second));
  };
}
