import type { Ids } from '../../core/ids.ts';
import { AssayError } from '../../core/errors.ts';
import type { Figure } from '../metric.ts';
import { undefinedBecause } from './figure.ts';
import { namedSamples } from './named-samples.ts';
import { hasInside, hasOutside } from './scan.ts';

/** Throws where a column does not hold one row a sample, or a weight is not a finite number from 0. */
export function requireLengths(
  ids: Ids,
  weights: Float64Array | undefined,
  lengths: Readonly<Record<string, number>>,
): void {
  const columns = weights === undefined ? lengths : { ...lengths, weights: weights.length };
  for (const [column, length] of Object.entries(columns))
    if (length !== ids.length) throw lengthError(ids, column, length);
  if (weights === undefined || !hasOutside(weights, 0, Number.MAX_VALUE)) return;
  const named = namedSamples(ids, (sample) => !isWeight(weights[sample]!));
  throw new AssayError('dataset-invalid', `Weights must be finite numbers from 0; not so for ${named!}.`);
}

/** Why weights leave nothing to score. */
export function weightsFault(weights: Float64Array | undefined): Figure | null {
  const isEmpty = weights !== undefined && !hasInside(weights, Number.MIN_VALUE, Infinity);
  return isEmpty ? undefinedBecause('all weights are 0') : null;
}

function lengthError(ids: Ids, column: string, length: number): AssayError {
  const first = length < ids.length ? `; "${ids[Math.floor(length)]!}" is the first without one` : '';
  return new AssayError(
    'dataset-invalid',
    `"${column}" holds ${length} rows for ${ids.length} samples${first}. One row a sample is accepted.`,
  );
}

function isWeight(weight: number): boolean {
  return weight >= 0 && weight < Infinity;
}
