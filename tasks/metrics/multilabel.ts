import type { ClassScore } from './class-scores.ts';
import type { ClassCounts } from './confusion.ts';
import { lossesOf, meanLossOf, type RowLoss } from './losses.ts';
import { sumInBlocks } from './sum.ts';

/** Labels that apply and labels that are predicted: row-major [samples, labels] of 0 and 1. */
export interface LabelSets {
  expected: Uint8Array;
  predicted: Uint8Array;
  labels: number;
  sampleWeights?: Float64Array | undefined;
}

/** Counts of each label over samples, weighted (scikit-learn `multilabel_confusion_matrix`). */
export function labelCounts({ expected, predicted, labels, sampleWeights }: LabelSets): ClassCounts {
  const counts = emptyCounts(labels);
  for (let sample = 0, cell = 0; cell < expected.length; sample++) {
    const weight = sampleWeights === undefined ? 1 : sampleWeights[sample]!;
    for (let label = 0; label < labels; label++, cell++) {
      counts.expected[label]! += weight * expected[cell]!;
      counts.predicted[label]! += weight * predicted[cell]!;
      counts.truePositives[label]! += weight * (expected[cell]! & predicted[cell]!);
    }
  }
  return counts;
}

/** Counts of each sample over labels. */
export function sampleCounts({ expected, predicted, labels }: LabelSets): ClassCounts {
  const counts = emptyCounts(expected.length / labels);
  for (let sample = 0, cell = 0; cell < expected.length; sample++) {
    let wanted = 0;
    let found = 0;
    let shared = 0;
    for (const end = cell + labels; cell < end; cell++) {
      wanted += expected[cell]!;
      found += predicted[cell]!;
      shared += expected[cell]! & predicted[cell]!;
    }
    counts.expected[sample] = wanted;
    counts.predicted[sample] = found;
    counts.truePositives[sample] = shared;
  }
  return counts;
}

/**
 * The mean over samples, weighted, of a score of each, `zeroDivision` where its denominator is 0 and left out where that is
 * NaN (scikit-learn `average="samples"`); NaN where nothing is left with weight. `undivided` are the samples with such a denominator.
 */
export function meanOverSamples(
  given: LabelSets,
  score: ClassScore,
  zeroDivision = 0,
): { mean: number; undivided: number[] } {
  const { expected, predicted, labels, sampleWeights } = given;
  const samples = expected.length / labels;
  const undivided: number[] = [];
  let total = 0;
  const sum = sumInBlocks(samples, (start, end) => {
    const [from, to] = [start * labels, end * labels];
    const block = { labels, expected: expected.subarray(from, to), predicted: predicted.subarray(from, to) };
    const scores = score(sampleCounts(block), NaN);
    for (let i = 0; i < scores.length; i++) {
      if (!Number.isNaN(scores[i])) continue;
      undivided.push(start + i);
      scores[i] = zeroDivision;
    }
    const part = weighed(scores, sampleWeights?.subarray(start, end));
    total += part.weight;
    return part.sum;
  });
  return { mean: sum / total, undivided };
}

/** What is not NaN, weighted. */
function weighed(scores: Float64Array, weights?: Float64Array): { sum: number; weight: number } {
  let [sum, total] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (Number.isNaN(score)) continue;
    const weight = weights === undefined ? 1 : weights[i]!;
    sum += weight * score;
    total += weight;
  }
  return { sum, weight: total };
}

/** Share of labels that are wrong in each sample; its mean is scikit-learn's `hamming_loss`. */
export function hammingLosses(given: LabelSets): Float64Array {
  return lossesOf(given.expected.length / given.labels, wrongShare(given));
}

/** 1 for each sample whose labels are all right, else 0; its mean is scikit-learn's `accuracy_score`. */
export function exactSets(given: LabelSets): Float64Array {
  return hammingLosses(given).map((loss) => (loss === 0 ? 1 : 0));
}

/** The share of labels that are wrong, summed over rows. */
function wrongShare({ expected, predicted, labels }: LabelSets): RowLoss {
  return (start, end) => {
    let wrong = 0;
    for (let cell = start * labels; cell < end * labels; cell++) wrong += expected[cell]! ^ predicted[cell]!;
    return wrong / labels;
  };
}

/** The number of rows with a wrong label. */
function wrongRows({ expected, predicted, labels }: LabelSets): RowLoss {
  return (start, end) => {
    let rows = 0;
    for (let row = start, cell = start * labels; row < end; row++) {
      let wrong = 0;
      for (const rowEnd = (row + 1) * labels; cell < rowEnd; cell++)
        wrong |= expected[cell]! ^ predicted[cell]!;
      rows += wrong;
    }
    return rows;
  };
}

/** Mean share of labels that are wrong (scikit-learn `hamming_loss`). */
export function hammingLoss(given: LabelSets): number {
  return meanLossOf(given.expected.length / given.labels, wrongShare(given), given.sampleWeights);
}

/** Share of samples whose labels are all right (scikit-learn `accuracy_score`). */
export function subsetAccuracy(given: LabelSets): number {
  return 1 - meanLossOf(given.expected.length / given.labels, wrongRows(given), given.sampleWeights);
}

/** Mean over the labels that apply of how many of those ranked as high apply too, each sample; 1 where none or all apply. */
export function labelRankingPrecisions({ expected, labels }: LabelSets, scores: Float64Array): Float64Array {
  const precisions = new Float64Array(expected.length / labels);
  for (let sample = 0; sample < precisions.length; sample++) {
    const cells = [sample * labels, (sample + 1) * labels] as const;
    precisions[sample] = rankingPrecision(expected, scores, cells);
  }
  return precisions;
}

function rankingPrecision(
  expected: Uint8Array,
  scores: Float64Array,
  [start, end]: readonly [number, number],
): number {
  let [sum, right] = [0, 0];
  for (let cell = start; cell < end; cell++) {
    if (expected[cell] === 0) continue;
    let [above, rightAbove] = [0, 0];
    for (let other = start; other < end; other++) {
      const isAsHigh = Number(scores[other]! >= scores[cell]!);
      above += isAsHigh;
      rightAbove += isAsHigh & expected[other]!;
    }
    sum += rightAbove / above;
    right++;
  }
  return right === 0 || right === end - start ? 1 : sum / right;
}

function emptyCounts(length: number): ClassCounts {
  return {
    truePositives: new Float64Array(length),
    predicted: new Float64Array(length),
    expected: new Float64Array(length),
  };
}
