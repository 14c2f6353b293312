import type { Ids } from '../../core/ids.ts';
import type { Predictions } from '../predictions.ts';
import type { Column } from './kinds/kind.ts';
import { kindOf } from './kinds/registry.ts';

/** Throws where two predictions are not of the same task on the same samples in the same order: a bug of the caller. */
export function requireSameSamples(baseline: Predictions, variant: Predictions): void {
  const isSame =
    baseline.kind === variant.kind &&
    baseline.ids.length === variant.ids.length &&
    areSame(baseline.ids, variant.ids);
  if (!isSame) throw new Error('internal: baseline and variant were not predicted on the same samples');
}

/** Texts or numbers: those of a file are texts. */
function areSame(ids: Ids, others: Ids): boolean {
  for (let index = 0; index < ids.length; index++)
    if (ids[index] !== others[index] && String(ids[index]) !== String(others[index])) return false;
  return true;
}

/** Equal numbers of fewer samples are no proof that two models compute the same. */
const fewestSamples = 10;

/**
 * Whether a variant computes what its baseline does: it put out the same to the last bit, continuous numbers among it. Equal
 * decisions are no proof, for a model that decides otherwise now and then has equal ones on most samples.
 */
export function areIdentical(baseline: Predictions, variant: Predictions): boolean {
  const samples = baseline.ids.length;
  const { outputs } = kindOf(baseline);
  const [columns, others] = [outputs(baseline), outputs(variant)];
  return (
    samples >= fewestSamples &&
    // First, since most are told apart by their first sample.
    columns.every((column, index) => isEqual(column, others[index])) &&
    columns.some((column) => isContinuous(column, samples))
  );
}

/** Numbers that are in truth decisions, such as probabilities of 0 and 1, repeat from sample to sample. */
function isContinuous(column: Column, samples: number): boolean {
  if (!(column instanceof Float64Array)) return false;
  const distinct = new Set<number>();
  for (const value of column) {
    if (Number.isFinite(value)) distinct.add(value);
    if (distinct.size >= samples / 2) return true;
  }
  return false;
}

function isEqual(first: Column, second: Column | undefined): boolean {
  if (first.length !== second?.length) return false;
  for (let index = 0; index < first.length; index++)
    if (!Object.is(first[index], second[index])) return false;
  return true;
}
