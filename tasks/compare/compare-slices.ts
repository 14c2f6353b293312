import type { Predictions } from '../predictions.ts';
import { type ComparisonRequest, withTest } from './compare-predictions.ts';
import { compareTogether } from './compare-together.ts';
import type { TestedComparison } from './comparison.ts';
import { kindOf } from './kinds/registry.ts';
import { takeSamples } from './take-samples.ts';

/** A verdict on the samples that share a label. */
export interface SliceComparison {
  slice: string;
  samples: number;
  /** Null where the metric is undefined on the slice. */
  comparison: TestedComparison | null;
}

/** Of fewer samples a slice tells nothing: the change of a single one would be a tenth of it or more. */
export const fewestInASlice = 10;

/**
 * Judges each slice by itself, worst loss first whatever the column; each of `columns` holds a label for each sample. All slices
 * share alpha, so that any wrong decision among them stays as unlikely as in a single comparison.
 */
export function compareSlices(
  request: ComparisonRequest,
  columns: readonly (readonly string[])[],
): SliceComparison[] {
  const slices = columns.flatMap((labels) => [...membersOf(labels)]);
  const requests = slices.map(([, indices]) => ({
    ...request,
    ...taken(request, Int32Array.from(indices)),
  }));
  const judged = compareTogether(requests, request.alpha);
  const compared = requests.map((one, index) => ({
    slice: slices[index]![0],
    samples: one.baseline.ids.length,
    comparison: withTest(judged[index] ?? null, one),
  }));
  return compared.sort((first, second) => lossOf(second) - lossOf(first));
}

/** The class expected of each sample, as slices; null where samples have no class. */
export function classSlices(predictions: Predictions): string[] | null {
  return kindOf(predictions).classes(predictions);
}

function membersOf(labels: readonly string[]): Map<string, number[]> {
  const members = new Map<string, number[]>();
  for (const [sample, label] of labels.entries()) {
    const known = members.get(label);
    if (known === undefined) members.set(label, [sample]);
    else known.push(sample);
  }
  return members;
}

function taken({ baseline, variant }: ComparisonRequest, indices: Int32Array) {
  return { baseline: takeSamples(baseline, indices), variant: takeSamples(variant, indices) };
}

/** Undefined slices go last. */
function lossOf({ comparison }: SliceComparison): number {
  if (comparison === null) return -Infinity;
  return comparison.direction === 'higher-is-better' ? -comparison.difference : comparison.difference;
}
