import { createRandom } from '../../core/random.ts';
import type { Metric, SampleSums } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { type CountedMetric, countedMetric, countsOf } from './counted-metric.ts';
import { sampleSums } from './sample-sums.ts';
import type { Sampling } from './sampling.ts';
import { takeSamples } from './take-samples.ts';

/** Up to so many units each is left out by itself where the metric must be computed anew, else groups of them. */
const mostAlone = 2000;
const groups = 200;

/** A metric with one unit left out at a time, samples or clusters; null where it is undefined without one of them. */
export function withoutEach(
  metric: Metric,
  predictions: Predictions,
  sampling: Sampling,
): Float64Array | null {
  const values = valuesWithoutEach(metric, predictions, sampling);
  return areFinite(values) ? values : null;
}

function areFinite(values: Float64Array): boolean {
  for (let unit = 0; unit < values.length; unit++) if (!Number.isFinite(values[unit])) return false;
  return true;
}

/** NaN where it is undefined. */
function valuesWithoutEach(metric: Metric, predictions: Predictions, sampling: Sampling): Float64Array {
  const sums = sampleSums(metric, predictions);
  if (sums !== null) return sumsWithoutEach(sums, sampling);
  const counted = countedMetric(metric, predictions);
  if (counted !== null) return countsWithoutEach(counted, sampling);
  return computedWithoutEach(metric, predictions, sampling);
}

function sumsWithoutEach({ addTo, width, metricOf }: SampleSums, { units, unitOf }: Sampling): Float64Array {
  const ofUnits = new Float64Array(units * width);
  for (let sample = 0; sample < unitOf.length; sample++) addTo(ofUnits, unitOf[sample]! * width, sample);
  const total = new Float64Array(width);
  for (let cell = 0; cell < ofUnits.length; cell++) total[cell % width]! += ofUnits[cell]!;
  const rest = new Float64Array(width);
  return Float64Array.from({ length: units }, (_, unit) => {
    for (let column = 0; column < width; column++)
      rest[column] = total[column]! - ofUnits[unit * width + column]!;
    return metricOf(rest);
  });
}

/** Samples of one sort have the same influence, and are left out once. */
function countsWithoutEach(
  { sorts, sortOf: [sortOf], ofCounts }: CountedMetric,
  { units, unitOf }: Sampling,
): Float64Array {
  const all = countsOf(sortOf, sorts);
  const without = (left: readonly number[]): number => {
    const rest = all.slice();
    for (const sort of left) rest[sort]! -= 1;
    return ofCounts(rest) ?? NaN;
  };
  if (units === unitOf.length) {
    const values = Float64Array.from({ length: sorts }, (_, sort) => without([sort]));
    const ofSamples = new Float64Array(units);
    for (let sample = 0; sample < units; sample++) ofSamples[sample] = values[sortOf[sample]!]!;
    return ofSamples;
  }
  const members = Array.from({ length: units }, (): number[] => []);
  for (let sample = 0; sample < unitOf.length; sample++) members[unitOf[sample]!]!.push(sortOf[sample]!);
  return Float64Array.from(members, without);
}

/** Groups are drawn at random: every so many-th sample would make each like the whole where the data has an order. */
function computedWithoutEach(
  metric: Metric,
  predictions: Predictions,
  { units, unitOf }: Sampling,
): Float64Array {
  const count = units <= mostAlone ? units : groups;
  const order = Array.from({ length: units }, (_, unit) => unit);
  const group = new Int32Array(units);
  const shuffled = count === units ? order : createRandom(units).shuffle(order);
  for (const [place, unit] of shuffled.entries()) group[unit] = place % count;
  const all = Int32Array.from(unitOf.keys());
  return Float64Array.from({ length: count }, (_, left) => {
    const kept = all.filter((sample) => group[unitOf[sample]!] !== left);
    return metric.compute(takeSamples(predictions, kept)).value ?? NaN;
  });
}
