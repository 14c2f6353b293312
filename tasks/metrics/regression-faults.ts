import { AssayError } from '../../core/errors.ts';
import type { Figure } from '../metric.ts';
import type { RegressionPredictions } from '../predictions.ts';
import { undefinedBecause } from './figure.ts';
import { namedSamples } from './named-samples.ts';
import { requireLengths } from './required-lengths.ts';

/**
 * Why nothing can be said about regression predictions, or null. Columns of different lengths and expected values that are
 * not numbers are errors; predictions that are not are a finding about the model.
 */
export function regressionFault(given: RegressionPredictions): Figure | null {
  const { ids, expected, predicted, outputs = 1 } = given;
  requireLengths(ids.length, given.weights, {
    expected: expected.length / outputs,
    predicted: predicted.length / outputs,
  });
  const unknown = nonFinite(ids, expected, outputs);
  if (unknown !== null)
    throw new AssayError(
      'dataset-invalid',
      `Expected values must be finite numbers; not so for samples ${unknown}.`,
    );
  if (ids.length === 0) return undefinedBecause('there are no samples');
  const wild = nonFinite(ids, predicted, outputs);
  return wild === null
    ? null
    : undefinedBecause(`predictions must be finite numbers; NaN or infinite for samples ${wild}`);
}

function nonFinite(ids: readonly string[], values: Float64Array, outputs: number): string | null {
  if (values.every(Number.isFinite)) return null;
  return namedSamples(
    ids,
    (sample) => !values.subarray(sample * outputs, (sample + 1) * outputs).every(Number.isFinite),
  );
}
