import { memoryToSort, type SortedRun, type SortingMemory, sortRun } from '../kernels/sorting-memory.ts';
import { type BinaryScores, partScores, rowsOf, weightedScores } from './binary-scores.ts';
import { descendingOrder } from './descending-order.ts';

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
  const ranked = rankedScores(given);
  const { area, positives, negatives } =
    ranked === null
      ? weightedRocArea(thresholdsOf(given), maxFalsePositiveRate)
      : rankedRocArea(ranked, maxFalsePositiveRate);
  if (positives === 0 || negatives === 0) return NaN;
  const share = area / (positives * negatives);
  return maxFalsePositiveRate === 1 ? share : rescaled(share, maxFalsePositiveRate);
}

/** Sum over thresholds of the gain in recall times the precision; 0 without positives (scikit-learn `average_precision_score`). */
export function averagePrecision(given: BinaryScores): number {
  const ranked = rankedScores(given);
  const { area, positives } =
    ranked === null ? weightedPrecisionArea(thresholdsOf(given)) : rankedPrecisionArea(ranked);
  return positives === 0 ? 0 : area / positives;
}

/** An area, and what there is of each class. */
interface Area {
  area: number;
  positives: number;
  negatives: number;
}

/** Sorted scores of positives and of negatives, which weigh 1 each. */
interface RankedScores {
  compiled: SortingMemory['compiled'];
  positives: SortedRun;
  negatives: SortedRun;
}

/** Apart, so that neither carries along which it is. Null where rows weigh differently, or are too many for the kernels. */
function rankedScores(given: BinaryScores): RankedScores | null {
  if (given.sampleWeights !== undefined) return null;
  const rows = rowsOf(given);
  const memory = memoryToSort(rows);
  if (memory === null) return null;
  const [end, start] = partScores(given, memory.numbers);
  const positives = sortRun(memory, 0, end);
  return { compiled: memory.compiled, positives, negatives: sortRun(memory, start, rows) };
}

function rankedRocArea({ compiled, positives, negatives }: RankedScores, maxFalsePositiveRate: number): Area {
  const limit = maxFalsePositiveRate * lengthOf(negatives);
  const area = compiled.rocArea(...positives, ...negatives, limit);
  return { area, positives: lengthOf(positives), negatives: lengthOf(negatives) };
}

function rankedPrecisionArea({ compiled, positives, negatives }: RankedScores): Area {
  const area = compiled.precisionArea(...positives, ...negatives);
  return { area, positives: lengthOf(positives), negatives: lengthOf(negatives) };
}

function lengthOf([start, end]: SortedRun): number {
  return (end - start) / Float64Array.BYTES_PER_ELEMENT;
}

function weightedRocArea({ truePositives, falsePositives }: Thresholds, maxFalsePositiveRate: number): Area {
  const positives = truePositives.at(-1) ?? 0;
  const negatives = falsePositives.at(-1) ?? 0;
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
  return { area, positives, negatives };
}

function weightedPrecisionArea({ truePositives, falsePositives }: Thresholds): Area {
  let area = 0;
  let positives = 0;
  for (let i = 0; i < truePositives.length; i++) {
    const hits = truePositives[i]!;
    if (hits > positives) area += ((hits - positives) * hits) / (hits + falsePositives[i]!);
    positives = hits;
  }
  return { area, positives, negatives: falsePositives.at(-1) ?? 0 };
}

/** What is found and what is falsely raised at each distinct score (scikit-learn `roc_curve` without its rates). */
export function thresholdsOf(given: BinaryScores): Thresholds {
  const { isPositive, scores, sampleWeights } = weightedScores(given);
  const found = {
    truePositives: new Float64Array(scores.length),
    falsePositives: new Float64Array(scores.length),
  };
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
  return {
    truePositives: found.truePositives.subarray(0, count + 1),
    falsePositives: found.falsePositives.subarray(0, count + 1),
  };
}

function rescaled(area: number, maxFalsePositiveRate: number): number {
  const chance = maxFalsePositiveRate ** 2 / 2;
  return (1 + (area - chance) / (maxFalsePositiveRate - chance)) / 2;
}
