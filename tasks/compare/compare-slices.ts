import type { Predictions } from '../predictions.ts';
import type { Comparison } from './comparison.ts';
import { comparePredictions, type ComparisonRequest } from './compare-predictions.ts';
import { takeSamples } from './take-samples.ts';

/** A verdict on the samples that share a label. */
export interface SliceComparison {
  slice: string;
  samples: number;
  /** Null where the metric is undefined on the slice. */
  comparison: Comparison | null;
}

/**
 * Judges each slice by itself, worst loss first; `slices` holds a label for each sample. Alpha is shared evenly between
 * the slices, so that any false alarm among them stays as unlikely as in a single comparison.
 */
export function compareSlices(request: ComparisonRequest, slices: readonly string[]): SliceComparison[] {
  const members = membersOf(slices);
  const alpha = request.alpha / members.size;
  const compared = [...members].map(([slice, indices]) => ({
    slice,
    samples: indices.length,
    comparison: comparePredictions({ ...request, ...taken(request, Int32Array.from(indices)), alpha }),
  }));
  return compared.sort((first, second) => lossOf(second) - lossOf(first));
}

/** The class expected of each sample, as slices; null where samples have no class. */
export function classSlices(predictions: Predictions): string[] | null {
  if (predictions.kind !== 'classification') return null;
  return Array.from(predictions.expected, (label) => predictions.labels[label]!);
}

function membersOf(slices: readonly string[]): Map<string, number[]> {
  const members = new Map<string, number[]>();
  for (const [sample, slice] of slices.entries()) {
    const known = members.get(slice);
    if (known === undefined) members.set(slice, [sample]);
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
