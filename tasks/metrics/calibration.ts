/** How sure each prediction is, 0 to 1, and whether it is right (1 or 0). */
export interface Confidences {
  confidences: Float64Array;
  hits: Float64Array;
  sampleWeights?: Float64Array | undefined;
}

/**
 * Sum over bins of equal width of |weight of the right ones - weight times confidence| over all weight (Guo et al. 2017), bins
 * (a, b] with edges as in scikit-learn's `calibration_curve`: 0 is in the first.
 */
export function expectedCalibrationError(given: Confidences, { bins = 15 } = {}): number {
  const { confidences, hits, sampleWeights } = given;
  const gaps = new Float64Array(bins);
  let total = 0;
  for (let sample = 0; sample < confidences.length; sample++) {
    const weight = sampleWeights === undefined ? 1 : sampleWeights[sample]!;
    gaps[binOf(confidences[sample]!, bins)]! += weight * (hits[sample]! - confidences[sample]!);
    total += weight;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total;
}

/** NumPy's `linspace` edges are multiples of the rounded 1 / bins, which decides on which side of an edge a value lies. */
function binOf(confidence: number, bins: number): number {
  const width = 1 / bins;
  let bin = Math.min(bins - 1, Math.max(0, Math.floor(confidence * bins)));
  while (bin > 0 && bin * width >= confidence) bin--;
  while (bin < bins - 1 && (bin + 1) * width < confidence) bin++;
  return bin;
}
