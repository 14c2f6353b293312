import { lossesOf, meanLossOf, type RowLoss } from './losses.ts';

/** Probabilities of classes: row-major [samples, classes], and the class expected of each sample. */
export interface ClassProbabilities {
  expected: Int32Array;
  probabilities: Float64Array;
  classes: number;
  sampleWeights?: Float64Array | undefined;
}

/** A loss of the probabilities of each sample. */
export type ProbabilityLoss = (given: ClassProbabilities) => RowLoss;

/** The mean of a loss over samples, weighted. */
export function meanProbabilityLoss(loss: ProbabilityLoss, given: ClassProbabilities): number {
  return meanLossOf(given.expected.length, loss(given), given.sampleWeights);
}

/** The loss of each sample. */
export function probabilityLosses(loss: ProbabilityLoss, given: ClassProbabilities): Float64Array {
  return lossesOf(given.expected.length, loss(given));
}

/**
 * -ln p(expected class), p clipped to [e, 1 - e] with e = 2^-52 and rows taken as they are (scikit-learn `log_loss` on float64
 * input: float32 probabilities are widened before they are clipped).
 */
export const logLoss: ProbabilityLoss =
  ({ expected, probabilities, classes }) =>
  (start, end) => {
    let sum = 0;
    let product = 1;
    for (let i = start; i < end; i++) {
      const probability = probabilities[i * classes + expected[i]!]!;
      product *= Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability));
      // One logarithm for 16 factors, which come to 2^-832 at least.
      if ((i & 15) !== 15) continue;
      sum -= Math.log(product);
      product = 1;
    }
    return sum - Math.log(product);
  };

/** Sum over classes of (p - [class is expected])^2, halved for two classes (scikit-learn `brier_score_loss`, Brier 1950). */
export const brierScore: ProbabilityLoss = (given) =>
  given.classes === 2 ? binaryBrier(given) : multiclassBrier(given);

function binaryBrier({ expected, probabilities }: ClassProbabilities): RowLoss {
  return (start, end) => {
    let sum = 0;
    for (let i = start; i < end; i++) {
      const first = probabilities[2 * i]! - (1 - expected[i]!);
      const second = probabilities[2 * i + 1]! - expected[i]!;
      sum += first * first + second * second;
    }
    return sum / 2;
  };
}

function multiclassBrier({ expected, probabilities, classes }: ClassProbabilities): RowLoss {
  return (start, end) => {
    let sum = 0;
    for (let i = start; i < end; i++) {
      const own = i * classes + expected[i]!;
      const rowEnd = (i + 1) * classes;
      for (let cell = i * classes; cell < rowEnd; cell++) {
        const distance = probabilities[cell]! - Number(cell === own);
        sum += distance * distance;
      }
    }
    return classes === 1 ? sum / 2 : sum;
  };
}

/**
 * 1 where the expected class is not among the k most probable, else 0 (scikit-learn `top_k_accuracy_score`). Of equal
 * probabilities the last class ranks first; of two classes the second must be above one half.
 */
export function topKMiss(k: number): ProbabilityLoss {
  return ({ expected, probabilities, classes }) =>
    (start, end) => {
      let misses = 0;
      for (let i = start; i < end; i++) {
        const own = i * classes + expected[i]!;
        const probability = probabilities[own]!;
        const rowEnd = (i + 1) * classes;
        let rank = classes === 2 ? tiesBefore(probabilities, i, own) : 0;
        for (let cell = i * classes; cell < rowEnd; cell++) {
          const other = probabilities[cell]!;
          rank += Number(other > probability) + (Number(other === probability) & Number(cell > own));
        }
        misses += Number(rank >= k);
      }
      return misses;
    };
}

/** Of two equal probabilities the first ranks first: what to add to a rank that has it the other way about. */
function tiesBefore(probabilities: Float64Array, sample: number, own: number): number {
  if (probabilities[2 * sample] !== probabilities[2 * sample + 1]) return 0;
  return own === 2 * sample ? -1 : 1;
}
