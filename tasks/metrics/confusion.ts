/** Options of a kernel on class indices: one weight a sample, none negative. */
export interface ConfusionOptions {
  sampleWeights?: Float64Array | undefined;
}

/** Weight of each (expected, predicted) pair of classes, row-major [classes, classes]. */
export interface ConfusionMatrix {
  classes: number;
  counts: Float64Array;
}

/** Per class, the weight of: both expected and predicted, predicted, expected. */
export interface ClassCounts {
  truePositives: Float64Array;
  predicted: Float64Array;
  expected: Float64Array;
}

/** Counts pairs of class indices; every index is in [0, classes) (scikit-learn `confusion_matrix`). */
export function confusionMatrix(
  expected: Int32Array,
  predicted: Int32Array,
  { classes, sampleWeights }: ConfusionOptions & { classes: number },
): ConfusionMatrix {
  const counts = new Float64Array(classes * classes);
  for (let i = 0; i < expected.length; i++)
    counts[expected[i]! * classes + predicted[i]!]! += sampleWeights === undefined ? 1 : sampleWeights[i]!;
  return { classes, counts };
}

/** Row sums, column sums and diagonal of a confusion matrix. */
export function classCounts({ classes, counts }: ConfusionMatrix): ClassCounts {
  const result = {
    truePositives: new Float64Array(classes),
    predicted: new Float64Array(classes),
    expected: new Float64Array(classes),
  };
  counts.forEach((weight, cell) => {
    const [row, column] = [Math.floor(cell / classes), cell % classes];
    result.expected[row]! += weight;
    result.predicted[column]! += weight;
    if (row === column) result.truePositives[row]! += weight;
  });
  return result;
}
