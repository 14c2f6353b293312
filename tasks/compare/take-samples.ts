import type { Clusters } from '../../core/samples.ts';
import type {
  ClassificationPredictions,
  GenerationPredictions,
  Predictions,
  RegressionPredictions,
} from '../predictions.ts';

/** The predictions of the samples at `indices`, in that order; an index may come more than once. */
export function takeSamples<P extends Predictions>(predictions: P, indices: Int32Array): P;
export function takeSamples(predictions: Predictions, indices: Int32Array): Predictions {
  switch (predictions.kind) {
    case 'regression':
      return takeRegression(predictions, indices);
    case 'classification':
      return takeClassification(predictions, indices);
    case 'generation':
      return takeGeneration(predictions, indices);
  }
}

function takeRegression(from: RegressionPredictions, indices: Int32Array): RegressionPredictions {
  const outputs = from.outputs ?? 1;
  return {
    ...from,
    ids: takeItems(from.ids, indices),
    ...takeClusters(from, indices),
    expected: takeFloats(from.expected, indices, outputs),
    predicted: takeFloats(from.predicted, indices, outputs),
    ...takeWeights(from, indices),
  };
}

function takeClassification(from: ClassificationPredictions, indices: Int32Array): ClassificationPredictions {
  return {
    ...from,
    ids: takeItems(from.ids, indices),
    ...takeClusters(from, indices),
    expected: takeIntegers(from.expected, indices),
    predicted: takeIntegers(from.predicted, indices),
    probabilities: takeFloats(from.probabilities, indices, from.labels.length),
    ...takeWeights(from, indices),
  };
}

function takeGeneration(from: GenerationPredictions, indices: Int32Array): GenerationPredictions {
  const { floorNegativeLogLikelihood: floor, utf8Bytes, otherReferences } = from;
  return {
    ...from,
    ids: takeItems(from.ids, indices),
    ...takeClusters(from, indices),
    negativeLogLikelihood: takeFloats(from.negativeLogLikelihood, indices),
    tokens: takeIntegers(from.tokens, indices),
    floorNegativeLogLikelihood: floor === null ? null : takeFloats(floor, indices),
    generated: takeItems(from.generated, indices),
    references: takeItems(from.references, indices),
    ...(utf8Bytes === undefined ? {} : { utf8Bytes: takeIntegers(utf8Bytes, indices) }),
    ...(otherReferences === undefined ? {} : { otherReferences: takeItems(otherReferences, indices) }),
  };
}

function takeClusters({ clusters }: { clusters?: Clusters }, indices: Int32Array): { clusters?: Clusters } {
  return clusters === undefined
    ? {}
    : { clusters: { by: clusters.by, names: takeItems(clusters.names, indices) } };
}

function takeWeights(
  { weights }: { weights?: Float64Array },
  indices: Int32Array,
): { weights?: Float64Array } {
  return weights === undefined ? {} : { weights: takeFloats(weights, indices) };
}

function takeItems<Item>(items: readonly Item[], indices: Int32Array): Item[] {
  return Array.from(indices, (index) => items[index]!);
}

function takeIntegers(column: Int32Array, indices: Int32Array): Int32Array {
  return indices.map((index) => column[index]!);
}

function takeFloats(column: Float64Array, indices: Int32Array, width = 1): Float64Array {
  const taken = new Float64Array(indices.length * width);
  for (let row = 0; row < indices.length; row++) {
    const start = indices[row]! * width;
    for (let offset = 0; offset < width; offset++) taken[row * width + offset] = column[start + offset]!;
  }
  return taken;
}
