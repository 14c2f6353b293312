import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { kindOf } from './kinds/registry.ts';
import { takeSamples } from './take-samples.ts';

/** With more sorts of samples, of many classes, computing on each is slower than computing on samples. */
const mostSorts = 2000;

/** A metric that reads decisions alone, computed from how many samples there are of each sort. */
export interface CountedMetric {
  sorts: number;
  /** The sort of each sample, as the one and as the other prediction have it. */
  sortOf: readonly [Int32Array, Int32Array];
  /** The metric of so many samples of each sort; null where it is undefined. */
  ofCounts: (counts: Float64Array) => number | null;
}

/**
 * Sorts the samples of two predictions, which may be the same: by the classes expected and predicted, say. Null for a metric that
 * reads more than decisions, and where samples weigh differently.
 */
export function countedMetric(metric: Metric, one: Predictions, other = one): CountedMetric | null {
  const { counting } = kindOf(one);
  if (metric.reads !== 'decisions' || 'weights' in one || counting === undefined) return null;
  const numbers = numbering();
  const [first, second] = [numbers.of(counting.sorts(one)), numbers.of(counting.sorts(other))];
  const sorts = first.fresh.length + second.fresh.length;
  if (sorts > mostSorts) return null;
  const distinct = examples([one, first.fresh], [other, second.fresh]);
  return {
    sorts,
    sortOf: [first.sortOf, second.sortOf],
    ofCounts: (counts) => {
      const { present, weights } = withoutEmpty(counts);
      return metric.compute(counting.weigh(takeSamples(distinct, present), weights)).value;
    },
  };
}

/** A sort of weight 0 would keep a class among those that occur. */
function withoutEmpty(counts: Float64Array): { present: Int32Array; weights: Float64Array } {
  const [present, weights] = [new Int32Array(counts.length), new Float64Array(counts.length)];
  let kept = 0;
  for (let sort = 0; sort < counts.length; sort++) {
    if (counts[sort] === 0) continue;
    present[kept] = sort;
    weights[kept++] = counts[sort]!;
  }
  return { present: present.subarray(0, kept), weights: weights.subarray(0, kept) };
}

/** How many samples are of each sort. */
export function countsOf(sortOf: Int32Array, sorts: number): Float64Array {
  const counts = new Float64Array(sorts);
  for (let sample = 0; sample < sortOf.length; sample++) counts[sortOf[sample]!]! += 1;
  return counts;
}

/** How many of the samples at some indices are of each sort. */
export function countsAt(indices: Int32Array, sortOf: Int32Array, sorts: number): Float64Array {
  const counts = new Float64Array(sorts);
  for (let place = 0; place < indices.length; place++) counts[sortOf[indices[place]!]!]! += 1;
  return counts;
}

/** Numbers sorts from 0 in the order they come up. */
function numbering(): { of: (sorts: Int32Array | readonly string[]) => Numbered } {
  const numbers = new Map<number | string, number>();
  return {
    of: (sorts) => {
      const fresh: number[] = [];
      const sortOf = new Int32Array(sorts.length);
      for (let sample = 0; sample < sorts.length; sample++) {
        const sort = sorts[sample]!;
        const known = numbers.get(sort);
        sortOf[sample] = known ?? numbers.size;
        if (known !== undefined) continue;
        fresh.push(sample);
        numbers.set(sort, numbers.size);
      }
      return { sortOf, fresh };
    },
  };
}

interface Numbered {
  sortOf: Int32Array;
  /** The samples that brought up a fresh sort. */
  fresh: number[];
}

type Chosen = readonly [predictions: Predictions, samples: readonly number[]];

/** A sample of each sort, those of the one prediction before those of the other. */
function examples([one, first]: Chosen, [other, second]: Chosen): Predictions {
  const indices = Int32Array.from([...first, ...second]);
  const isOther = Uint8Array.from(indices, (_, place) => (place < first.length ? 0 : 1));
  return kindOf(one).mix(takeSamples(one, indices), takeSamples(other, indices), isOther);
}
