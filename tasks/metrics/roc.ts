import { descendingOrder } from './descending-order.ts';

/** Scores of a binary question: `isPositive` is 1 or 0, a higher score means likelier positive. */
export interface BinaryScores {
  isPositive: Uint8Array;
  scores: Float64Array;
  sampleWeights?: Float64Array | undefined;
}

/**
 * Area under the ROC curve, ties counting half (scikit-learn `roc_auc_score`); NaN where only one class has weight. Below
 * `maxFalsePositiveRate` 1 the area up to there, rescaled so that chance is 0.5 and perfect is 1 (McClish 1989).
 */
export function rocAuc(given: BinaryScores, { maxFalsePositiveRate = 1 } = {}): number {
  const { positives, negatives } = totalsOf(given);
  if (positives === 0 || negatives === 0) return NaN;
  const limit = maxFalsePositiveRate * negatives;
  let [area, hits, alarms] = [0, 0, 0];
  forEachThreshold(given, (nextHits, nextAlarms) => {
    area += areaUpTo(limit, [alarms, hits], [nextAlarms, nextHits]);
    [hits, alarms] = [nextHits, nextAlarms];
  });
  const share = area / (positives * negatives);
  return maxFalsePositiveRate === 1 ? share : rescaled(share, maxFalsePositiveRate);
}

/** Sum over thresholds of the gain in recall times the precision; 0 without positives (scikit-learn `average_precision_score`). */
export function averagePrecision(given: BinaryScores): number {
  let [area, hits] = [0, 0];
  forEachThreshold(given, (nextHits, alarms) => {
    if (nextHits > hits) area += ((nextHits - hits) * nextHits) / (nextHits + alarms);
    hits = nextHits;
  });
  return hits === 0 ? 0 : area / hits;
}

/** Visits the weight of positives and of negatives scored at or above each distinct score, from the highest. */
export function forEachThreshold(
  { isPositive, scores, sampleWeights }: BinaryScores,
  visit: (truePositives: number, falsePositives: number, score: number) => void,
): void {
  const order = descendingOrder(scores);
  let [hits, alarms] = [0, 0];
  for (let rank = 0; rank < order.length; rank++) {
    const sample = order[rank]!;
    const weight = sampleWeights === undefined ? 1 : sampleWeights[sample]!;
    if (isPositive[sample] === 1) hits += weight;
    else alarms += weight;
    if (rank + 1 === order.length || scores[order[rank + 1]!] !== scores[sample])
      visit(hits, alarms, scores[sample]!);
  }
}

function totalsOf({ isPositive, sampleWeights }: BinaryScores): { positives: number; negatives: number } {
  let [positives, negatives] = [0, 0];
  for (let sample = 0; sample < isPositive.length; sample++) {
    const weight = sampleWeights === undefined ? 1 : sampleWeights[sample]!;
    if (isPositive[sample] === 1) positives += weight;
    else negatives += weight;
  }
  return { positives, negatives };
}

type Point = readonly [falsePositives: number, truePositives: number];

/** Area of one segment of the curve, cut off at `limit` false positives. */
function areaUpTo(limit: number, [fromX, fromY]: Point, [toX, toY]: Point): number {
  if (toX <= limit) return ((toX - fromX) * (fromY + toY)) / 2;
  if (fromX >= limit) return 0;
  const cutY = fromY + ((toY - fromY) * (limit - fromX)) / (toX - fromX);
  return ((limit - fromX) * (fromY + cutY)) / 2;
}

function rescaled(area: number, maxFalsePositiveRate: number): number {
  const chance = maxFalsePositiveRate ** 2 / 2;
  return (1 + (area - chance) / (maxFalsePositiveRate - chance)) / 2;
}
