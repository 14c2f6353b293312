import { AssayError } from '../../core/errors.ts';
import type { Figure } from '../metric.ts';
import type { MultilabelPredictions } from '../predictions.ts';
import { undefinedBecause } from './figure.ts';
import { namedRows } from './named-samples.ts';
import { hasOtherFlag, hasOutside } from './scan.ts';
import { requireLengths, weightsFault } from './required-lengths.ts';

/** Why nothing can be said about sets of labels, or null. Columns that do not fit and cells other than 0 and 1 are errors. */
export function multilabelFault(given: MultilabelPredictions): Figure | null {
  const { ids, labels, expected, predicted, weights } = given;
  if (labels.length === 0) return undefinedBecause('there are no labels');
  requireLengths(ids, weights, {
    expected: expected.length / labels.length,
    predicted: predicted.length / labels.length,
  });
  if (hasOtherFlag(expected) || hasOtherFlag(predicted)) throw flagError(given);
  return ids.length === 0 ? undefinedBecause('there are no samples') : weightsFault(weights);
}

/** As `multilabelFault`, and why scores cannot be ranked. */
export function scoreFault(given: MultilabelPredictions): Figure | null {
  const { ids, labels, scores } = given;
  requireLengths(ids, undefined, { scores: scores.length / Math.max(1, labels.length) });
  const fault = multilabelFault(given);
  if (fault !== null) return fault;
  if (!hasOutside(scores, -Number.MAX_VALUE, Number.MAX_VALUE)) return null;
  const named = namedRows({ ids, columns: labels.length }, (cell) => !Number.isFinite(scores[cell]));
  return undefinedBecause(`scores must be finite numbers; not so for ${named!}`);
}

function flagError({ ids, labels, expected, predicted }: MultilabelPredictions): AssayError {
  const isOther = (cell: number): boolean => expected[cell]! > 1 || predicted[cell]! > 1;
  const named = namedRows({ ids, columns: labels.length }, isOther);
  return new AssayError('dataset-invalid', `A label is 1 where it applies and else 0; not so for ${named!}.`);
}
