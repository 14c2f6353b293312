import type { Predictions } from '../predictions.ts';
import type { Column } from './kinds/kind.ts';
import { kindOf } from './kinds/registry.ts';

/** Throws where two predictions are not of the same task on the same samples in the same order: a bug of the caller. */
export function requireSameSamples(baseline: Predictions, variant: Predictions): void {
  const isSame =
    baseline.kind === variant.kind &&
    baseline.ids.length === variant.ids.length &&
    baseline.ids.every((id, index) => id === variant.ids[index]);
  if (!isSame) throw new Error('internal: baseline and variant were not predicted on the same samples');
}

/** Whether a variant put out exactly what its baseline did, to the last bit of every number. */
export function areIdentical(baseline: Predictions, variant: Predictions): boolean {
  const { outputs } = kindOf(baseline);
  const columns = outputs(variant);
  return outputs(baseline).every((column, index) => isEqual(column, columns[index]));
}

function isEqual(first: Column, second: Column | undefined): boolean {
  if (first.length !== second?.length) return false;
  for (let index = 0; index < first.length; index++)
    if (!Object.is(first[index], second[index])) return false;
  return true;
}
