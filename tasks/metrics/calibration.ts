import type { ClassProbabilities } from './probability.ts';

/**
 * Sum over bins of confidence of |weight of the right predictions - weight times confidence| over all weight, where confidence
 * is the probability of the predicted class (Guo et al. 2017). Bins have equal width and hold their upper edge, as in scikit-learn's
 * `calibration_curve`: edges are multiples of the rounded 1 / bins, and 0 is in the first.
 */
export function expectedCalibrationError(
  given: ClassProbabilities & { predicted: Int32Array },
  { bins = 15 } = {},
): number {
  const { expected, predicted, probabilities, classes, sampleWeights } = given;
  const edges = edgesOf(bins);
  const gaps = new Float64Array(bins);
  let total = 0;
  for (let sample = 0; sample < expected.length; sample++) {
    const confidence = probabilities[sample * classes + predicted[sample]!]!;
    const weight = sampleWeights === undefined ? 1 : sampleWeights[sample]!;
    let bin = Math.min(bins - 1, Math.floor(confidence * bins));
    bin += Number(edges[bin + 1]! < confidence);
    bin -= Number(edges[bin]! >= confidence);
    gaps[bin]! += weight * (Number(expected[sample] === predicted[sample]) - confidence);
    total += weight;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total;
}

/** Lower edges of the bins and the last upper one; nothing lies below the first or above the last. */
function edgesOf(bins: number): Float64Array {
  const edges = Float64Array.from({ length: bins + 1 }, (_, edge) => edge * (1 / bins));
  edges[0] = -Infinity;
  edges[bins] = Infinity;
  return edges;
}
