import { classCounts, type ConfusionMatrix } from './confusion.ts';
import { sumOf } from './sum.ts';

/** Mean recall of the classes that are expected at least once with weight (scikit-learn `balanced_accuracy_score`). */
export function balancedAccuracy(matrix: ConfusionMatrix): number {
  const { truePositives, expected } = classCounts(matrix);
  const recalls = truePositives
    .map((hits, label) => hits / expected[label]!)
    .filter((recall) => !Number.isNaN(recall));
  return sumOf(recalls) / recalls.length;
}

/** Correlation of expected and predicted classes, 0 where either is constant (scikit-learn `matthews_corrcoef`, Gorodkin 2004). */
export function matthewsCorrelation(matrix: ConfusionMatrix): number {
  const { truePositives, expected, predicted } = classCounts(matrix);
  if (isConstant(expected) || isConstant(predicted)) return 0;
  const samples = sumOf(expected);
  const covariance = sumOf(truePositives) * samples - dot(expected, predicted);
  const product = (samples ** 2 - dot(predicted, predicted)) * (samples ** 2 - dot(expected, expected));
  return product <= 0 ? 0 : covariance / Math.sqrt(product);
}

/** How far apart two classes are, from their indices. */
const disagreements = {
  none: (a: number, b: number) => (a === b ? 0 : 1),
  linear: (a: number, b: number) => Math.abs(a - b),
  quadratic: (a: number, b: number) => (a - b) ** 2,
};

/**
 * 1 - disagreement seen / disagreement of independent raters (scikit-learn `cohen_kappa_score`); `weights` say how far apart
 * two classes are by their indices. NaN where only one class occurs.
 */
export function cohenKappa(matrix: ConfusionMatrix, weights: keyof typeof disagreements = 'none'): number {
  const { expected, predicted } = classCounts(matrix);
  const samples = sumOf(expected);
  let [seen, byChance] = [0, 0];
  matrix.counts.forEach((count, cell) => {
    const [row, column] = [Math.floor(cell / matrix.classes), cell % matrix.classes];
    const disagreement = disagreements[weights](row, column);
    seen += disagreement * count;
    byChance += (disagreement * (expected[row]! * predicted[column]!)) / samples;
  });
  return byChance === 0 ? NaN : 1 - seen / byChance;
}

function isConstant(counts: Float64Array): boolean {
  return counts.filter((count) => count > 0).length < 2;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
