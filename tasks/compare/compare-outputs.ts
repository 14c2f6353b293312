import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { countFlips } from './flips.ts';
import type { Column } from './kinds/kind.ts';
import { kindOf } from './kinds/registry.ts';
import { requireSameSamples } from './same-samples.ts';

/** Outputs beside others for the same samples. */
export interface OutputsComparison {
  /** Null where outputs are no numbers, or not finite. */
  relativeError: number | null;
  /** Numbers that are finite there and not here. */
  nonFinite: number;
  /** Null where there is no right or wrong. */
  flips: { rightToWrong: number; wrongToRight: number; agreement: number } | null;
  /** Of the metric, own less reference; null where either is undefined. */
  metricDifference: number | null;
}

/** What the same samples came out as, here and there: by number, by decision and by metric. Throws where samples differ. */
export function compareOutputs(reference: Predictions, own: Predictions, metric: Metric): OutputsComparison {
  requireSameSamples(reference, own);
  const flips = countFlips(reference, own);
  const [before, after] = [metric.compute(reference).value, metric.compute(own).value];
  const [there, here] = [numbersOf(reference), numbersOf(own)];
  return {
    relativeError: relativeError(there, here),
    nonFinite: countNonFinite(there, here),
    flips:
      flips === null
        ? null
        : { ...flips, rightToWrong: flips.rightToWrong.length, wrongToRight: flips.wrongToRight.length },
    metricDifference: before === null || after === null ? null : after - before,
  };
}

function numbersOf(predictions: Predictions): Float64Array[] {
  const isFloat = (column: Column): column is Float64Array => column instanceof Float64Array;
  return kindOf(predictions).outputs(predictions).filter(isFloat);
}

/** ||own - reference|| / ||reference|| over all columns, in float64; the plain norm of the difference where the reference is 0. */
function relativeError(reference: readonly Float64Array[], own: readonly Float64Array[]): number | null {
  let [difference, size, count] = [0, 0, 0];
  for (const [index, column] of reference.entries()) {
    for (const [at, value] of column.entries()) {
      difference += (value - (own[index]?.[at] ?? NaN)) ** 2;
      size += value ** 2;
      count++;
    }
  }
  const error = Math.sqrt(difference) / (size === 0 ? 1 : Math.sqrt(size));
  return count > 0 && Number.isFinite(error) ? error : null;
}

function countNonFinite(reference: readonly Float64Array[], own: readonly Float64Array[]): number {
  return reference.reduce(
    (total, column, index) =>
      total +
      column.filter((value, at) => Number.isFinite(value) && !Number.isFinite(own[index]?.[at] ?? NaN))
        .length,
    0,
  );
}
