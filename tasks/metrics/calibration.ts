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
  const edges = Float64Array.from({ length: bins }, (_, edge) => (edge === 0 ? -1 : edge * (1 / bins)));
  const gaps = new Float64Array(bins);
  let total = 0;
  for (let sample = 0; sample < expected.length; sample++) {
    const confidence = probabilities[sample * classes + predicted[sample]!]!;
    const weight = sampleWeights === undefined ? 1 : sampleWeights[sample]!;
    let bin = Math.min(bins - 1, Math.floor(confidence * bins) + 1);
    while (edges[bin]! >= confidence) bin--;
    gaps[bin]! += weight * (Number(expected[sample] === predicted[sample]) - confidence);
    total += weight;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total;
}
