import { AssayError } from '../../core/errors.ts';
import type { Figure } from '../metric.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import { undefinedBecause } from './figure.ts';
import { namedSamples } from './named-samples.ts';
import { requireLengths } from './required-lengths.ts';

/** Why nothing can be said about predicted classes, or null. Columns that do not fit and unknown labels are errors. */
export function classificationFault(given: ClassificationPredictions): Figure | null {
  const { ids, labels, expected, predicted } = given;
  requireLengths(ids, given.weights, { expected: expected.length, predicted: predicted.length });
  requireKnownLabels(given, 'expected');
  requireKnownLabels(given, 'predicted');
  if (labels.length === 0) return undefinedBecause('there are no labels');
  return ids.length === 0 ? undefinedBecause('there are no samples') : null;
}

/** As `classificationFault`, and why probabilities cannot be scored. */
export function probabilityFault(given: ClassificationPredictions): Figure | null {
  const { ids, labels, probabilities } = given;
  requireLengths(ids, undefined, { probabilities: probabilities.length / labels.length });
  const fault = classificationFault(given);
  if (fault !== null) return fault;
  if (probabilities.every((value) => value >= 0 && value <= 1)) return null;
  const named = namedSamples(
    ids,
    (sample) => !rowOf(given, sample).every((value) => value >= 0 && value <= 1),
  );
  return undefinedBecause(`probabilities must be from 0 to 1; not so for ${named ?? ''}`);
}

/** Room for a softmax in float32. */
const sumTolerance = 1e-5;

/** A doubt where the probabilities of a sample do not sum to 1. */
export function sumDoubts(given: ClassificationPredictions): string[] {
  const named = namedSamples(given.ids, (sample) => {
    const sum = rowOf(given, sample).reduce((total, value) => total + value, 0);
    return Math.abs(sum - 1) > sumTolerance;
  });
  return named === null ? [] : [`probabilities should sum to 1; not so for ${named}`];
}

function requireKnownLabels(given: ClassificationPredictions, column: 'expected' | 'predicted'): void {
  const { ids, labels } = given;
  const isUnknown = (index: number): boolean => !(index >= 0 && index < labels.length);
  if (!given[column].some(isUnknown)) return;
  const named = namedSamples(ids, (sample) => isUnknown(given[column][sample]!));
  throw new AssayError(
    'dataset-invalid',
    `Unknown ${column} label for ${named ?? ''}; accepted are the indices of: ${labels.join(', ')}.`,
  );
}

function rowOf({ labels, probabilities }: ClassificationPredictions, sample: number): Float64Array {
  return probabilities.subarray(sample * labels.length, (sample + 1) * labels.length);
}
