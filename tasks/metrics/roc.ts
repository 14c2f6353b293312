import { descendingOrder } from './descending-order.ts';

/** Scores of a binary question: `isPositive` is 1 or 0, higher scores mean likelier positive. */
export interface BinaryScores {
  isPositive: Uint8Array;
  scores: Float64Array;
  sampleWeights?: Float64Array | undefined;
}

/** Area under the ROC curve, ties counting half (scikit-learn `roc_auc_score`); NaN where only one class has weight. */
export function rocAuc({ isPositive, scores, sampleWeights }: BinaryScores): number {
  const order = descendingOrder(scores);
  let [area, positives, negatives, tiedPositives, tiedNegatives] = [0, 0, 0, 0, 0];
  for (let rank = 0; rank < order.length; rank++) {
    const sample = order[rank]!;
    const weight = sampleWeights === undefined ? 1 : sampleWeights[sample]!;
    if (isPositive[sample] === 1) tiedPositives += weight;
    else tiedNegatives += weight;
    if (rank + 1 < order.length && scores[order[rank + 1]!] === scores[sample]) continue;
    area += tiedNegatives * (positives + tiedPositives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
    [tiedPositives, tiedNegatives] = [0, 0];
  }
  return area / (positives * negatives);
}
