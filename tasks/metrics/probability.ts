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

/** Mean over samples of the squared distance to the expected class; halved for two classes (scikit-learn `brier_score_loss`). */
export function brier(given: ClassProbabilities): number {
  return meanOf(brierScores(given), given.sampleWeights);
}

/** Sum over classes of (p - [class is expected])^2 of each sample, halved for two classes (Brier 1950). */
export function brierScores({ expected, probabilities, classes }: ClassProbabilities): Float64Array {
  const scores = new Float64Array(expected.length);
  const scale = classes < 3 ? 0.5 : 1;
  for (let sample = 0, cell = 0; sample < scores.length; sample++) {
    let sum = 0;
    for (let label = 0; label < classes; label++, cell++) {
      const distance = probabilities[cell]! - (label === expected[sample] ? 1 : 0);
      sum += distance * distance;
    }
    scores[sample] = scale * sum;
  }
  return scores;
}

/** Share of samples whose expected class is among the k most probable (scikit-learn `top_k_accuracy_score`). */
export function topKAccuracy(given: ClassProbabilities, k: number): number {
  return meanOf(topKHits(given, k), given.sampleWeights);
}

/**
 * 1 for each sample whose expected class is among the k most probable, else 0. Of equal probabilities the last class ranks
 * first; of two classes the second must be above one half, as in scikit-learn.
 */
export function topKHits(given: ClassProbabilities, k: number): Float64Array {
  const { expected, probabilities, classes } = given;
  const hits = new Float64Array(expected.length);
  for (let sample = 0; sample < hits.length; sample++) {
    const row = sample * classes;
    const own = probabilities[row + expected[sample]!]!;
    let rank = 0;
    for (let label = 0; label < classes; label++) {
      const other = probabilities[row + label]!;
      if (other > own || (other === own && isAhead(label, expected[sample]!, classes))) rank++;
    }
    hits[sample] = rank < k ? 1 : 0;
  }
  return hits;
}

function isAhead(label: number, own: number, classes: number): boolean {
  return classes === 2 ? label < own : label > own;
}
