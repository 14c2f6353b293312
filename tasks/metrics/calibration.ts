import type { SampleSums } from '../metric.ts';
import type { ClassProbabilities } from './probability.ts';
import { sumOf } from './sum.ts';

/** Probabilities of classes, and the class that was predicted from them. */
type Confident = ClassProbabilities & { predicted: Int32Array };

/**
 * Sum over bins of confidence of |weight of the right predictions - weight times confidence| over all weight, where confidence
 * is the probability of the predicted class (Guo et al. 2017). Bins have equal width and hold their upper edge, as in scikit-learn's
 * `calibration_curve`: edges are multiples of the rounded 1 / bins, and 0 is in the first.
 */
export function expectedCalibrationError(given: Confident, { bins = 15 } = {}): number {
  const { expected, predicted, probabilities, classes, sampleWeights } = given;
  const edges = edgesOf(bins);
  const sums = new Float64Array(bins + 1);
  for (let sample = 0; sample < expected.length; sample++) {
    const confidence = probabilities[sample * classes + predicted[sample]!]!;
    const weight = sampleWeights === undefined ? 1 : sampleWeights[sample]!;
    sums[binOf(confidence, edges)]! += weight * (Number(expected[sample] === predicted[sample]) - confidence);
  }
  sums[bins] = sampleWeights === undefined ? expected.length : sumOf(sampleWeights);
  return calibrationOfSums(sums);
}

/** What a sample adds: its gap to the sum of its bin, and 1 to the last. */
export function calibrationSums(given: Confident, bins: number): SampleSums {
  const { expected, predicted, probabilities, classes } = given;
  const edges = edgesOf(bins);
  return {
    width: bins + 1,
    addTo: (sums, start, sample) => {
      const confidence = probabilities[sample * classes + predicted[sample]!]!;
      sums[start + binOf(confidence, edges)]! += Number(expected[sample] === predicted[sample]) - confidence;
      sums[start + bins]! += 1;
    },
    metricOf: calibrationOfSums,
  };
}

/** The calibration error of the summed gaps of each bin, with the weight of all samples behind them. */
function calibrationOfSums(sums: Float64Array): number {
  const bins = sums.length - 1;
  let distance = 0;
  for (let bin = 0; bin < bins; bin++) distance += Math.abs(sums[bin]!);
  return distance / sums[bins]!;
}

function binOf(confidence: number, edges: Float64Array): number {
  const bins = edges.length - 1;
  const bin = Math.min(bins - 1, Math.floor(confidence * bins));
  return bin + Number(edges[bin + 1]! < confidence) - Number(edges[bin]! >= confidence);
}

/** Lower edges of the bins and the last upper one; nothing lies below the first or above the last. */
function edgesOf(bins: number): Float64Array {
  const edges = Float64Array.from({ length: bins + 1 }, (_, edge) => edge * (1 / bins));
  edges[0] = -Infinity;
  edges[bins] = Infinity;
  return edges;
}
