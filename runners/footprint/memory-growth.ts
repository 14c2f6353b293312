import { median, sortAscending } from '../../core/statistics/quantile.ts';
import type { MemorySample } from './request.ts';

/** Fewer samples than this show no slope; so many are taken of a slow model too. */
export const leastSamples = 6;

/** The samples after the first third, in which caches fill. */
export function settledSamples(samples: readonly MemorySample[]): readonly MemorySample[] {
  return samples.slice(Math.floor(samples.length / 3));
}

/** Bytes a call by which memory grows once it has settled (Theil-Sen slope); null for too few samples. */
export function growthPerCall(samples: readonly MemorySample[]): number | null {
  if (samples.length < leastSamples) return null;
  const settled = settledSamples(samples);
  const slopes = settled.flatMap((from, index) =>
    settled.slice(index + 1).map((to) => (to.residentBytes - from.residentBytes) / (to.calls - from.calls)),
  );
  return median(sortAscending(slopes));
}

/** By how many bytes memory grew over the calls watched, at that slope. */
export function growthOverCalls(samples: readonly MemorySample[]): number {
  const settled = settledSamples(samples);
  const calls = (settled.at(-1)?.calls ?? 0) - (settled[0]?.calls ?? 0);
  return (growthPerCall(samples) ?? 0) * calls;
}
