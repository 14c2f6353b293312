import { descendingOrder } from './descending-order.ts';
import { radixSort } from './radix-sort.ts';

/** Scores of a binary question: `isPositive` is 1 or 0, a higher score means likelier positive. */
export interface BinaryScores {
  isPositive: Uint8Array;
  scores: Float64Array;
  sampleWeights?: Float64Array | undefined;
}

/** Weight of the positives and of the negatives scored at or above each distinct score, from the highest. */
export interface Thresholds {
  truePositives: Float64Array;
  falsePositives: Float64Array;
}

/**
 * Area under the ROC curve, ties counting half (scikit-learn `roc_auc_score`); NaN where only one class has weight. Below
 * `maxFalsePositiveRate` 1 the area up to there, rescaled so that chance is 0.5 and perfect is 1 (McClish 1989).
 */
export function rocAuc(given: BinaryScores, { maxFalsePositiveRate = 1 } = {}): number {
  const { truePositives, falsePositives } = thresholdsOf(given);
  const positives = truePositives.at(-1) ?? 0;
  const negatives = falsePositives.at(-1) ?? 0;
  if (positives === 0 || negatives === 0) return NaN;
  const limit = maxFalsePositiveRate * negatives;
  let area = 0;
  let hits = 0;
  let alarms = 0;
  for (let i = 0; i < truePositives.length && alarms < limit; i++) {
    const nextHits = truePositives[i]!;
    const nextAlarms = falsePositives[i]!;
    const cut = nextAlarms <= limit ? 1 : (limit - alarms) / (nextAlarms - alarms);
    area += (cut * (nextAlarms - alarms) * (2 * hits + cut * (nextHits - hits))) / 2;
    hits = nextHits;
    alarms = nextAlarms;
  }
  const share = area / (positives * negatives);
  return maxFalsePositiveRate === 1 ? share : rescaled(share, maxFalsePositiveRate);
}

/** Sum over thresholds of the gain in recall times the precision; 0 without positives (scikit-learn `average_precision_score`). */
export function averagePrecision(given: BinaryScores): number {
  const { truePositives, falsePositives } = thresholdsOf(given);
  let area = 0;
  let before = 0;
  for (let i = 0; i < truePositives.length; i++) {
    const hits = truePositives[i]!;
    if (hits > before) area += ((hits - before) * hits) / (hits + falsePositives[i]!);
    before = hits;
  }
  return before === 0 ? 0 : area / before;
}

/** What is found and what is falsely raised at each distinct score (scikit-learn `roc_curve` without its rates). */
export function thresholdsOf({ isPositive, scores, sampleWeights }: BinaryScores): Thresholds {
  return sampleWeights === undefined
    ? mergedThresholds(sortedScores(scores, isPositive, 1), sortedScores(scores, isPositive, 0))
    : weightedThresholds(isPositive, scores, sampleWeights);
}

function sortedScores(scores: Float64Array, isPositive: Uint8Array, flag: 0 | 1): Float64Array {
  let size = 0;
  for (let i = 0; i < isPositive.length; i++) size += 1 ^ flag ^ isPositive[i]!;
  const chosen = new Float64Array(size + 1);
  let count = 0;
  for (let i = 0; i < scores.length; i++) {
    chosen[count] = scores[i]!;
    count += 1 ^ flag ^ isPositive[i]!;
  }
  return radixSort(chosen.subarray(0, size));
}

/** Walks two ascending lists from their ends: no look-ups all over memory, which cost more than the sort. */
function mergedThresholds(positives: Float64Array, negatives: Float64Array): Thresholds {
  const found = emptyThresholds(positives.length + negatives.length);
  let count = -1;
  let before = NaN;
  let positive = positives.length - 1;
  let negative = negatives.length - 1;
  for (let rank = 0; rank < found.truePositives.length; rank++) {
    const high = positive >= 0 ? positives[positive]! : -Infinity;
    const low = negative >= 0 ? negatives[negative]! : -Infinity;
    const taken = Number(high >= low);
    positive -= taken;
    negative -= 1 - taken;
    const score = Math.max(high, low);
    count += Number(score !== before);
    before = score;
    found.truePositives[count] = positives.length - 1 - positive;
    found.falsePositives[count] = negatives.length - 1 - negative;
  }
  return firstOf(found, count + 1);
}

function weightedThresholds(
  isPositive: Uint8Array,
  scores: Float64Array,
  sampleWeights: Float64Array,
): Thresholds {
  const found = emptyThresholds(scores.length);
  const order = descendingOrder(scores);
  let hits = 0;
  let alarms = 0;
  let count = -1;
  let before = NaN;
  for (let rank = 0; rank < order.length; rank++) {
    const sample = order[rank]!;
    if (isPositive[sample] === 1) hits += sampleWeights[sample]!;
    else alarms += sampleWeights[sample]!;
    if (scores[sample] !== before) count++;
    before = scores[sample]!;
    found.truePositives[count] = hits;
    found.falsePositives[count] = alarms;
  }
  return firstOf(found, count + 1);
}

function emptyThresholds(length: number): Thresholds {
  return { truePositives: new Float64Array(length), falsePositives: new Float64Array(length) };
}

function firstOf({ truePositives, falsePositives }: Thresholds, count: number): Thresholds {
  return {
    truePositives: truePositives.subarray(0, count),
    falsePositives: falsePositives.subarray(0, count),
  };
}

function rescaled(area: number, maxFalsePositiveRate: number): number {
  const chance = maxFalsePositiveRate ** 2 / 2;
  return (1 + (area - chance) / (maxFalsePositiveRate - chance)) / 2;
}
