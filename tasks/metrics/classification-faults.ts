import { AssayError } from '../../core/errors.ts';
import type { Figure } from '../metric.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import { undefinedBecause } from './figure.ts';
import { namedRows, namedSamples } from './named-samples.ts';
import { hasForeignIndex, hasOutside } from './scan.ts';
import { requireLengths, weightsFault } from './required-lengths.ts';

/** Why nothing can be said about predicted classes, or null. Columns that do not fit and unknown labels are errors. */
export function classificationFault(given: ClassificationPredictions): Figure | null {
  const { ids, expected, predicted, weights } = given;
  requireLengths(ids, weights, { expected: expected.length, predicted: predicted.length });
  requireKnownLabels(given, 'expected');
  requireKnownLabels(given, 'predicted');
  return ids.length === 0 ? undefinedBecause('there are no samples') : weightsFault(weights);
}

/** As `classificationFault`, and why probabilities cannot be scored. */
export function probabilityFault(given: ClassificationPredictions): Figure | null {
  const { ids, labels, probabilities } = given;
  requireLengths(ids, undefined, { probabilities: probabilities.length / Math.max(1, labels.length) });
  const fault = classificationFault(given);
  if (fault !== null) return fault;
  const isOutside = (cell: number): boolean => !(probabilities[cell]! >= 0 && probabilities[cell]! <= 1);
  if (!hasOutside(probabilities, 0, 1)) return null;
  const named = namedRows({ ids, columns: labels.length }, isOutside);
  return undefinedBecause(`probabilities must be from 0 to 1; not so for ${named!}`);
}

/** Room for a softmax in float32. */
const sumTolerance = 1e-5;

/** A doubt where the probabilities of a sample do not sum to 1. */
export function sumDoubts({ ids, labels, probabilities }: ClassificationPredictions): string[] {
  const isOff = (sample: number): boolean => rowsOff(probabilities, labels.length, [sample, sample + 1]);
  if (!rowsOff(probabilities, labels.length, [0, ids.length])) return [];
  return [`probabilities should sum to 1 and are taken as they are; not so for ${namedSamples(ids, isOff)!}`];
}

function requireKnownLabels(given: ClassificationPredictions, column: 'expected' | 'predicted'): void {
  const { ids, labels } = given;
  const indices = given[column];
  const isUnknown = (sample: number): boolean => !(indices[sample]! >= 0 && indices[sample]! < labels.length);
  if (!hasForeignIndex(indices, labels.length)) return;
  throw new AssayError(
    'dataset-invalid',
    `Unknown ${column} label of ${namedSamples(ids, isUnknown)!}; accepted are indices of: ${labels.join(', ')}.`,
  );
}

/** Whether the probabilities of a row in [start, end) do not sum to 1. */
function rowsOff(
  probabilities: Float64Array,
  columns: number,
  [start, end]: readonly [number, number],
): boolean {
  for (let row = start; row < end; row++) {
    let sum = 0;
    for (let cell = row * columns; cell < (row + 1) * columns; cell++) sum += probabilities[cell]!;
    if (Math.abs(sum - 1) > sumTolerance) return true;
  }
  return false;
}
