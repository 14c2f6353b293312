/** How sure each prediction is, 0 to 1, and whether it is right (1 or 0). */
export interface Confidences {
  confidences: Float64Array;
  hits: Float64Array;
  sampleWeights?: Float64Array | undefined;
}

/**
 * Sum over bins of equal width of |weight of the right ones - weight times confidence| over all weight (Guo et al. 2017), bins
 * (a, b] with edges as in scikit-learn's `calibration_curve`, the multiples of the rounded 1 / bins; 0 is in the first.
 */
export function expectedCalibrationError(given: Confidences, { bins = 15 } = {}): number {
  const { confidences, hits, sampleWeights } = given;
  const edges = Float64Array.from({ length: bins }, (_, edge) => (edge === 0 ? -1 : edge * (1 / bins)));
  const gaps = new Float64Array(bins);
  let total = 0;
  for (let sample = 0; sample < confidences.length; sample++) {
    const confidence = confidences[sample]!;
    const weight = sampleWeights === undefined ? 1 : sampleWeights[sample]!;
    let bin = Math.min(bins - 1, Math.floor(confidence * bins) + 1);
    while (edges[bin]! >= confidence) bin--;
    gaps[bin]! += weight * (hits[sample]! - confidence);
    total += weight;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total;
}
