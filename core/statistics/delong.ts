import type { Interval } from '../verdict.ts';
import { sortAscending, type Sorted } from './quantile.ts';
import { studentTQuantile } from './student-t.ts';
import { mean } from './summary.ts';

/** One question of yes or no: rows that are positive or not, and the score each got; a higher one speaks for positive. */
export interface ScoredQuestion {
  isPositive: Uint8Array;
  scores: Float64Array;
  /** The sample each row is about. */
  samples: Uint32Array;
  /** Share of the question in the mean over all. */
  weight: number;
}

/** Weighted mean area under the ROC curves of some questions about the same samples, and what each sample adds to its error. */
export interface AreaEstimate {
  area: number;
  /** Their squares sum to the variance of the area; NaN where a question has fewer than two rows of a kind. */
  influences: Float64Array;
}

/**
 * Area under the ROC curve with the influences of DeLong, DeLong and Clarke-Pearson (1988), given how many samples are of
 * each kind; over several questions, such as one label against the rest, their weighted mean. Ties count one half; NaN where
 * a question has only one kind of row. Oracle: the definition over all pairs in NumPy, in `tests/oracle/statistics`.
 */
export function estimateArea(questions: readonly ScoredQuestion[], samples: number): AreaEstimate {
  const influences = new Float64Array(samples);
  const total = questions.reduce((sum, { weight }) => sum + weight, 0);
  let area = 0;
  for (const question of questions) {
    const share = question.weight / total;
    area += share * addInfluences(influences, question, share);
  }
  return { area, influences };
}

/**
 * Interval of one area, Student's t on the logit scale so that it stays inside 0 to 1; null for an area of 0 or 1, and one without
 * variance.
 */
export function areaInterval(
  { area, influences, freedom }: AreaEstimate & { freedom: number },
  level: number,
): Interval | null {
  const variance = influences.reduce((sum, influence) => sum + influence * influence, 0);
  const centre = Math.log(area / (1 - area));
  const error = Math.sqrt(variance) / (area * (1 - area));
  if (!Number.isFinite(centre) || !Number.isFinite(error)) return null;
  const reach = studentTQuantile((1 + level) / 2, freedom) * error;
  return { low: logistic(centre - reach), high: logistic(centre + reach), level, method: 'delong' };
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Adds what each sample contributes to the error of one question's area, times its share, and returns the area. */
function addInfluences(influences: Float64Array, question: ScoredQuestion, share: number): number {
  const { isPositive, scores, samples } = question;
  const positives = sortAscending(scores.filter((_, row) => isPositive[row] === 1));
  const negatives = sortAscending(scores.filter((_, row) => isPositive[row] !== 1));
  const placements = scores.map((score, row) =>
    isPositive[row] === 1 ? shareBelow(negatives, score) : 1 - shareBelow(positives, score),
  );
  const area = mean(placements.filter((_, row) => isPositive[row] === 1));
  for (const [row, placement] of placements.entries()) {
    const { length } = isPositive[row] === 1 ? positives : negatives;
    influences[samples[row]!]! += (share * (placement - area)) / Math.sqrt(length * (length - 1));
  }
  return area;
}

/** The share of values below a score; equal ones count one half. */
function shareBelow(ascending: Sorted, score: number): number {
  const below = countWhile(ascending, (value) => value < score);
  const notAbove = countWhile(ascending, (value) => value <= score);
  return (below + notAbove) / (2 * ascending.length);
}

/** How many leading values satisfy a condition that only leading values satisfy. */
function countWhile(ascending: Sorted, holds: (value: number) => boolean): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(ascending[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
