/** Resamples of a bootstrap over `samples` samples: 2000, and the 1000 of a reasonable interval where each one takes long. */
export function replicatesFor(samples: number): number {
  return samples <= 500 ? 2000 : 1000;
}
