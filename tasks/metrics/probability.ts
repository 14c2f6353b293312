import { meanOf } from './sum.ts';

/** Probabilities of classes: row-major [samples, classes], and the class expected of each sample. */
export interface ClassProbabilities {
  expected: Int32Array;
  probabilities: Float64Array;
  classes: number;
  sampleWeights?: Float64Array | undefined;
}

/**
 * Mean of -ln p(expected class), p clipped to [e, 1 - e] with e = 2^-52 and rows taken as they are (scikit-learn
 * `log_loss` on float64 input: float32 probabilities are widened before they are clipped).
 */
export function logLoss(given: ClassProbabilities): number {
  return meanOf(logLosses(given), given.sampleWeights);
}

/** -ln p(expected class) of each sample, clipped as in `logLoss`. */
export function logLosses({ expected, probabilities, classes }: ClassProbabilities): Float64Array {
  const losses = new Float64Array(expected.length);
  for (let i = 0; i < losses.length; i++) {
    const probability = probabilities[i * classes + expected[i]!]!;
    losses[i] = -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability)));
  }
  return losses;
}
