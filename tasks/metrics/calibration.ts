import type { SampleSums } from '../metric.ts';
import { forEachBlock } from './blocks.ts';
import { differ } from './confusion.ts';
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
  const weights = given.sampleWeights;
  const gaps = weights === undefined ? gapsOf(given, bins) : weightedGapsOf(given, weights, bins);
  return calibrationOfSums(
    Float64Array.of(...gaps, weights === undefined ? given.expected.length : sumOf(weights)),
  );
}

/** Of each bin the sum of right - confidence; apart from the weighted one, as a choice in the loop takes half its time. */
function gapsOf({ expected, predicted, probabilities, classes }: Confident, bins: number): Float64Array {
  const edges = edgesOf(bins);
  const gaps = new Float64Array(bins);
  forEachBlock(expected.length, (start, end) => {
    for (let sample = start; sample < end; sample++) {
      const confidence = probabilities[sample * classes + predicted[sample]!]!;
      const gap = 1 - differ(expected[sample]!, predicted[sample]!) - confidence;
      gaps[binOf(confidence, edges)]! += gap;
    }
  });
  return gaps;
}

function weightedGapsOf(given: Confident, weights: Float64Array, bins: number): Float64Array {
  const edges = edgesOf(bins);
  const gaps = new Float64Array(bins);
  weights.forEach((weight, sample) => {
    const confidence = confidenceOf(given, sample);
    gaps[binOf(confidence, edges)]! += weight * (hitOf(given, sample) - confidence);
  });
  return gaps;
}

function confidenceOf({ predicted, probabilities, classes }: Confident, sample: number): number {
  return probabilities[sample * classes + predicted[sample]!]!;
}

function hitOf({ expected, predicted }: Confident, sample: number): number {
  return 1 - differ(expected[sample]!, predicted[sample]!);
}

/** What a sample adds: its gap to the sum of its bin, and 1 to the last. */
export function calibrationSums(given: Confident, bins: number): SampleSums {
  const edges = edgesOf(bins);
  return {
    width: bins + 1,
    addTo: (sums, start, sample) => {
      const confidence = confidenceOf(given, sample);
      sums[start + binOf(confidence, edges)]! += hitOf(given, sample) - confidence;
      sums[start + bins]! += 1;
    },
    metricOf: calibrationOfSums,
  };
}

/**
 * How far noise alone lifts the error on average, at most: the mean distance from 0 of a sum of gaps around 0, in every bin. A bin
 * whose gap is real is lifted less.
 */
export function calibrationBias(given: Confident, bins: number): number {
  const { expected, predicted, probabilities, classes, sampleWeights } = given;
  const edges = edgesOf(bins);
  const squares = new Float64Array(bins);
  let total = 0;
  for (let sample = 0; sample < expected.length; sample++) {
    const confidence = probabilities[sample * classes + predicted[sample]!]!;
    const weight = sampleWeights === undefined ? 1 : sampleWeights[sample]!;
    const gap = weight * (Number(expected[sample] === predicted[sample]) - confidence);
    squares[binOf(confidence, edges)]! += gap * gap;
    total += weight;
  }
  const distance = squares.reduce((sum, square) => sum + Math.sqrt((2 / Math.PI) * square), 0);
  return distance / total;
}

/** The calibration error of the summed gaps of each bin, with the weight of all samples behind them. */
function calibrationOfSums(sums: Float64Array): number {
  const bins = sums.length - 1;
  let distance = 0;
  for (let bin = 0; bin < bins; bin++) distance += Math.abs(sums[bin]!);
  return distance / sums[bins]!;
}

function binOf(confidence: number, edges: Float64Array): number {
  const last = edges.length - 2;
  const guess = (confidence * (last + 1)) | 0;
  const bin = guess < last ? guess : last;
  return bin + Number(edges[bin + 1]! < confidence) - Number(edges[bin]! >= confidence);
}

/** Lower edges of the bins and the last upper one; nothing lies below the first or above the last. */
function edgesOf(bins: number): Float64Array {
  const edges = Float64Array.from({ length: bins + 1 }, (_, edge) => edge * (1 / bins));
  edges[0] = -Infinity;
  edges[bins] = Infinity;
  return edges;
}
