import { createRandom } from '../random.ts';

/** A comparison of two systems on the same samples. */
interface SwappableComparison {
  samples: number;
  /** Score of the one less score of the other when the outputs of the marked samples (1) trade places. */
  difference: (swapped: Uint8Array) => number;
}

/**
 * Two-sided p that two systems are interchangeable, by swapping their outputs sample by sample at random (Riezler and
 * Maxwell 2005): (1 + count) / (1 + resamples), where an absolute difference as large as the one seen counts.
 */
export function approximateRandomizationP(
  { samples, difference }: SwappableComparison,
  { resamples, seed }: { resamples: number; seed: number },
): number {
  const random = createRandom(seed);
  const swapped = new Uint8Array(samples);
  const seen = Math.abs(difference(swapped));
  let asExtreme = 0;
  for (let resample = 0; resample < resamples; resample++) {
    for (let sample = 0; sample < samples; sample++) swapped[sample] = random.next() < 0.5 ? 1 : 0;
    if (Math.abs(difference(swapped)) >= seen) asExtreme++;
  }
  return (1 + asExtreme) / (1 + resamples);
}
