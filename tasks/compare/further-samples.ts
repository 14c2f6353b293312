import type { Loss } from '../../core/statistics/judge.ts';
import { normalQuantile } from '../../core/statistics/normal.ts';
import { requiredSamples } from '../../core/statistics/sample-size.ts';
import { untrusted } from '../../core/statistics/skewed-interval.ts';
import type { End, Finding } from './evidence.ts';

/** The chance that the samples asked for do decide, if the loss is what it seems. */
const power = 0.9;
const mostSamples = 1e9;

/** How the ends of a loss come nearer with more samples than there are. */
type Prospects = Pick<Finding, 'ends' | 'samplesToBegin'> & { samples: number };

/**
 * How many further samples would decide a loss, were it exactly what it seems: within the margin where the estimate is, else
 * beyond it. As many as it takes to trust that end, where those are more. Null where it takes more than a thousand million.
 */
export function furtherSamples(loss: Loss, { ends, samples, samplesToBegin }: Prospects): number | null {
  const { estimate, interval, margin } = loss;
  if (interval === null) return samplesToBegin;
  const mayPass = estimate <= margin;
  const reach = mayPass ? interval.high - estimate : estimate - interval.low;
  const end = mayPass ? ends.high : ends.low;
  const distance = Math.abs(margin - estimate);
  const total = samplesToDecide({ samples, reach, distance, level: interval.level }, end);
  return total <= mostSamples ? Math.max(1, total - samples) : null;
}

interface Reaching {
  samples: number;
  reach: number;
  distance: number;
  level: number;
}

function samplesToDecide(reaching: Reaching, { growth, samplesToTrust }: End): number {
  const { samples, distance, level } = reaching;
  const reach = samplesToTrust === null ? reaching.reach : reaching.reach / untrusted;
  const z = normalQuantile((1 + level) / 2);
  const variance = Math.max(0, samples * (reach / z) ** 2 - growth * reach);
  const forNoise = requiredSamples({ variance, distance, alpha: (1 - level) / 2, power });
  return Math.max(samplesToTrust ?? 0, forNoise + Math.ceil((z * z * growth) / distance));
}
