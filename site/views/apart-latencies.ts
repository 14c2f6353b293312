import type { Standing } from './standings.ts';

/** How many times as far as the interval of the speed-up reaches. */
const tolerance = 1.2;

/**
 * Variants whose latency, over the baseline's beside it, is another ratio than their speed-up. A latency is sampled call by call after the pairs,
 * when the machine may be busier or less busy: of the two, the speed-up tells.
 */
export function apartLatencies(
  standings: readonly Pick<Standing, 'profile' | 'speedUp' | 'variant'>[],
): string[] {
  const baseline = standings.find(({ variant }) => variant.isBaseline)?.profile ?? null;
  if (baseline === null) return [];
  return standings
    .filter(({ profile, speedUp }) => {
      if (profile === null || speedUp === null) return false;
      const shown = baseline.p50Ms / profile.p50Ms;
      const { low, high } = speedUp.interval ?? { low: speedUp.value, high: speedUp.value };
      return shown < low / tolerance || shown > high * tolerance;
    })
    .map(({ variant }) => variant.name);
}
