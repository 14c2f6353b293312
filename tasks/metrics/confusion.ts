import { forEachBlock } from './blocks.ts';
import { meanOf, sumInBlocks } from './sum.ts';

/** Options of a kernel on class indices: one weight a sample, none negative. */
interface ClassOptions {
  sampleWeights?: Float64Array | undefined;
}

/** Weight of each (expected, predicted) pair of classes, row-major [classes, classes]. */
export interface ConfusionMatrix {
  classes: number;
  counts: Float64Array;
  /** Classes that are expected or predicted at least once, with or without weight, in order. */
  present: readonly number[];
  /** How many samples are expected to be of each class, with or without weight. */
  samples: Float64Array;
}

/** Per class, the weight of: both expected and predicted, predicted, expected. */
export interface ClassCounts {
  truePositives: Float64Array;
  predicted: Float64Array;
  expected: Float64Array;
}

/** Share of samples whose predicted class is the expected one (scikit-learn `accuracy_score`). */
export function accuracy(
  expected: Int32Array,
  predicted: Int32Array,
  { sampleWeights }: ClassOptions = {},
): number {
  if (sampleWeights !== undefined) return meanOf(hitsOf(expected, predicted), sampleWeights);
  const misses = sumInBlocks(expected.length, (start, end) => {
    // Integers, and side by side, as an addition waits for the one before it.
    let [even, odd] = [0, 0];
    for (let i = start; i < end - 1; i += 2) {
      even = (even + differ(expected[i]!, predicted[i]!)) | 0;
      odd = (odd + differ(expected[i + 1]!, predicted[i + 1]!)) | 0;
    }
    return even + odd + ((end - start) % 2 === 1 ? differ(expected[end - 1]!, predicted[end - 1]!) : 0);
  });
  return (expected.length - misses) / expected.length;
}

/** 1 where two integers differ, else 0; without a comparison, as one that is as often true as false costs a wrong guess of the branch. */
export function differ(a: number, b: number): number {
  const bits = a ^ b;
  return (bits | -bits) >>> 31;
}

/** 1 for each sample whose predicted class is the expected one, else 0. */
export function hitsOf(expected: Int32Array, predicted: Int32Array): Float64Array {
  const hits = new Float64Array(expected.length);
  for (let i = 0; i < hits.length; i++) hits[i] = 1 - differ(expected[i]!, predicted[i]!);
  return hits;
}

/** Counts pairs of class indices; every index is in [0, classes) (scikit-learn `confusion_matrix`). */
export function confusionMatrix(
  expected: Int32Array,
  predicted: Int32Array,
  { classes, sampleWeights }: ClassOptions & { classes: number },
): ConfusionMatrix {
  const counts = pairCounts(expected, predicted, classes);
  const { expected: samples, predicted: answers } = classCounts({ classes, counts });
  const present = Array.from(samples.keys()).filter((label) => samples[label]! > 0 || answers[label]! > 0);
  if (sampleWeights === undefined) return { classes, counts, present, samples };
  counts.fill(0);
  for (let i = 0; i < expected.length; i++)
    counts[expected[i]! * classes + predicted[i]!]! += sampleWeights[i]!;
  return { classes, counts, present, samples };
}

function pairCounts(expected: Int32Array, predicted: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes * classes);
  forEachBlock(expected.length, (start, end) => {
    for (let i = start; i < end; i++) counts[expected[i]! * classes + predicted[i]!]!++;
  });
  return counts;
}

/** Each cell as a share of its row, its column or of all; 0 where that is empty (scikit-learn `normalize`). */
export function normalizedConfusion(
  matrix: ConfusionMatrix,
  by: 'expected' | 'predicted' | 'all',
): Float64Array {
  const { expected, predicted } = classCounts(matrix);
  const total = matrix.counts.reduce((sum, count) => sum + count, 0);
  return matrix.counts.map((count, cell) => {
    const [row, column] = [Math.floor(cell / matrix.classes), cell % matrix.classes];
    const whole = by === 'all' ? total : by === 'expected' ? expected[row]! : predicted[column]!;
    return whole === 0 ? 0 : count / whole;
  });
}

/** Diagonal, column sums and row sums of a confusion matrix. */
export function classCounts({ classes, counts }: Pick<ConfusionMatrix, 'classes' | 'counts'>): ClassCounts {
  const result = {
    truePositives: new Float64Array(classes),
    predicted: new Float64Array(classes),
    expected: new Float64Array(classes),
  };
  for (let row = 0, cell = 0; row < classes; row++) {
    for (let column = 0; column < classes; column++, cell++) {
      result.expected[row]! += counts[cell]!;
      result.predicted[column]! += counts[cell]!;
    }
    result.truePositives[row] = counts[row * (classes + 1)]!;
  }
  return result;
}
