import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { kindOf } from './kinds/registry.ts';
import { takeSamples } from './take-samples.ts';

/** With more sorts of samples, of many classes, computing on each is slower than computing on samples. */
const mostSorts = 2000;

/**
 * One row for each sort of sample, weighted by how many there are: the classes expected and predicted, say. Null for a metric
 * that reads more than decisions, and where samples weigh differently.
 */
export function countedMetric(
  metric: Metric,
  predictions: Predictions,
): ((indices: Int32Array) => number | null) | null {
  const { counting } = kindOf(predictions);
  if (metric.reads !== 'decisions' || 'weights' in predictions || counting === undefined) return null;
  const { rowOf, first } = numbered(counting.sorts(predictions));
  if (first.length > mostSorts) return null;
  const distinct = takeSamples(predictions, first);
  const compute = (counts: Float64Array): number | null => {
    // A row of weight 0 would keep a class among those that occur.
    const drawn = Int32Array.from(counts.keys()).filter((row) => counts[row] !== 0);
    const weights = counts.filter((count) => count !== 0);
    return metric.compute(counting.weigh(takeSamples(distinct, drawn), weights)).value;
  };
  return (indices) => compute(countsAt(indices, rowOf, first.length));
}

/** Numbers sorts of samples in the order they come up. */
function numbered(sorts: Int32Array): { rowOf: Int32Array; first: Int32Array } {
  const numbers = new Map<number, number>();
  const first: number[] = [];
  const rowOf = sorts.map((sort, sample) => {
    const number = numbers.get(sort) ?? first.push(sample) - 1;
    numbers.set(sort, number);
    return number;
  });
  return { rowOf, first: Int32Array.from(first) };
}

function countsAt(indices: Int32Array, rowOf: Int32Array, rows: number): Float64Array {
  const counts = new Float64Array(rows);
  for (const sample of indices) counts[rowOf[sample]!]! += 1;
  return counts;
}
