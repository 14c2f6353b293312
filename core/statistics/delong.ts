import type { Interval } from '../verdict.ts';
import { normalQuantile } from './normal.ts';
import { sortAscending } from './quantile.ts';
import { mean, sampleVariance } from './summary.ts';

/** Scores two models give the same samples; a higher score speaks for the positive class. */
export interface PairedScores {
  isPositive: readonly boolean[];
  baseline: Float64Array;
  variant: Float64Array;
}

/** Areas under two correlated ROC curves, and the variance of variant - baseline. */
export interface AucComparison {
  baseline: number;
  variant: number;
  /** NaN with fewer than two samples of a class. */
  differenceVariance: number;
}

/**
 * DeLong, DeLong and Clarke-Pearson (1988), from the placement of each sample in the other class. NaN areas where a class is absent.
 * Oracle: the definition over all pairs in NumPy, in `tests/oracle/statistics`.
 */
export function compareAuc({ isPositive, baseline, variant }: PairedScores): AucComparison {
  const [first, second] = [placements(baseline, isPositive), placements(variant, isPositive)];
  const positives = subtract(second.ofPositives, first.ofPositives);
  const negatives = subtract(second.ofNegatives, first.ofNegatives);
  return {
    baseline: mean(first.ofPositives),
    variant: mean(second.ofPositives),
    differenceVariance:
      sampleVariance(positives) / positives.length + sampleVariance(negatives) / negatives.length,
  };
}

/** Normal interval of the difference of the areas, variant - baseline; null with fewer than two samples of a class. */
export function delongInterval(scores: PairedScores, level: number): Interval | null {
  const { baseline, variant, differenceVariance } = compareAuc(scores);
  if (Number.isNaN(differenceVariance)) return null;
  const reach = normalQuantile((1 + level) / 2) * Math.sqrt(differenceVariance);
  const difference = variant - baseline;
  return { low: difference - reach, high: difference + reach, level, method: 'delong' };
}

/** For each sample the share of the other class it is ranked on the right side of; ties count one half. */
interface Placements {
  ofPositives: Float64Array;
  ofNegatives: Float64Array;
}

function placements(scores: Float64Array, isPositive: readonly boolean[]): Placements {
  const positives = scores.filter((_, index) => isPositive[index]);
  const negatives = scores.filter((_, index) => !isPositive[index]);
  const [sortedPositives, sortedNegatives] = [sortAscending(positives), sortAscending(negatives)];
  return {
    ofPositives: positives.map((score) => shareBelow(sortedNegatives, score)),
    ofNegatives: negatives.map((score) => 1 - shareBelow(sortedPositives, score)),
  };
}

function shareBelow(ascending: Float64Array, score: number): number {
  const below = partition(ascending, (value) => value < score);
  const notAbove = partition(ascending, (value) => value <= score);
  return (below + notAbove) / (2 * ascending.length);
}

/** How many leading values satisfy a condition that only leading values satisfy. */
function partition(ascending: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(ascending[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function subtract(from: Float64Array, values: Float64Array): Float64Array {
  return from.map((value, index) => value - values[index]!);
}
