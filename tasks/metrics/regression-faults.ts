import { AssayError } from '../../core/errors.ts';
import type { Figure } from '../metric.ts';
import type { RegressionPredictions } from '../predictions.ts';
import { undefinedBecause } from './figure.ts';
import { namedRows } from './named-samples.ts';
import { requireLengths, weightsFault } from './required-lengths.ts';

/** Throws where a column does not hold one row a sample; says why where there is nothing to score. */
export function shapeFault(given: RegressionPredictions): Figure | null {
  const { ids, expected, predicted, outputs = 1, weights } = given;
  requireLengths(ids, weights, {
    expected: expected.length / outputs,
    predicted: predicted.length / outputs,
  });
  return ids.length === 0 ? undefinedBecause('there are no samples') : weightsFault(weights);
}

/** Throws where an expected value is not finite: the data is wrong. Says why where a prediction is not: the model is. */
export function nonFiniteFault(given: RegressionPredictions): Figure | null {
  const unknown = namedNonFinite(given, 'expected');
  if (unknown !== null)
    throw new AssayError('dataset-invalid', `Expected values must be finite numbers; not so for ${unknown}.`);
  const wild = namedNonFinite(given, 'predicted');
  return wild === null ? null : undefinedBecause(`predictions must be finite numbers; not so for ${wild}`);
}

/** A logarithm of 1 + value needs values above -1. */
export function logFault(given: RegressionPredictions): Figure | null {
  const { ids, expected, predicted, outputs = 1 } = given;
  const named = namedRows(
    { ids, columns: outputs },
    (cell) => expected[cell]! <= -1 || predicted[cell]! <= -1,
  );
  return named === null ? null : undefinedBecause(`it takes values above -1; not so for ${named}`);
}

/** A share of the spread needs a spread. */
export function oneSampleFault({ ids }: RegressionPredictions): Figure | null {
  if (ids.length !== 1) return null;
  return undefinedBecause('it compares samples with their mean, which takes 2 or more; found 1');
}

/** Some scores take one number a sample. */
export function outputsFault({ outputs = 1 }: RegressionPredictions): Figure | null {
  return outputs === 1 ? null : undefinedBecause(`it takes 1 output a sample; found ${outputs}`);
}

function namedNonFinite(given: RegressionPredictions, column: 'expected' | 'predicted'): string | null {
  const { ids, outputs = 1 } = given;
  const values = given[column];
  return namedRows({ ids, columns: outputs }, (cell) => !Number.isFinite(values[cell]));
}
