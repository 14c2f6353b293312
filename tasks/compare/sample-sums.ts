import type { Metric, SampleSums } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { sampleScores, weightsOf } from './sample-scores.ts';

/** What each sample adds to a metric, from its scores or sums, as many times as it weighs; null where it has neither. */
export function sampleSums(metric: Metric, predictions: Predictions): SampleSums | null {
  const scores = sampleScores(metric, predictions);
  const sums = scores === null ? (metric.sampleSums?.(predictions) ?? null) : scoreSums(scores);
  const weights = weightsOf(predictions);
  return sums === null || weights === undefined ? sums : weighted(sums, weights);
}

function scoreSums(scores: Float64Array): SampleSums {
  return {
    width: 2,
    addTo: (sums, start, sample) => {
      sums[start]! += scores[sample]!;
      sums[start + 1]! += 1;
    },
    metricOf: ([sum = NaN, count = NaN]) => sum / count,
  };
}

/** Whether sums of two predictions can be added up with each other. */
export function areAlike(first: SampleSums, second: SampleSums): boolean {
  const [names, others] = [first.of ?? [], second.of ?? []];
  return first.width === second.width && names.every((name, index) => name === others[index]);
}

function weighted(sums: SampleSums, weights: Float64Array): SampleSums {
  const { width, addTo } = sums;
  const own = new Float64Array(width);
  return {
    ...sums,
    addTo: (totals, start, sample) => {
      own.fill(0);
      addTo(own, 0, sample);
      for (let column = 0; column < width; column++)
        totals[start + column]! += weights[sample]! * own[column]!;
    },
  };
}

/** The sums of the samples at `indices`, each as often as it comes up there. */
export function sumAt(statistics: SampleSums, indices: Int32Array): Float64Array {
  const sums = new Float64Array(statistics.width);
  for (const sample of indices) statistics.addTo(sums, 0, sample);
  return sums;
}
