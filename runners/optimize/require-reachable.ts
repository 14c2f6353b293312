import { AssayError } from '../../core/errors.ts';
import type { Margin } from '../../results/policy.ts';
import type { Metric } from '../../tasks/metric.ts';

/** What a margin is held against. */
export type Bounded = Pick<Metric, 'id' | 'direction' | 'range'>;

/** Throws `usage-invalid` for a loss that a metric cannot have, within which any variant would be. */
export function requireReachable(maxDrop: Margin, metric: Bounded): void {
  const { id, direction, range } = metric;
  const [low, high] = range;
  const mostShare = direction === 'higher-is-better' && low >= 0 ? 1 : Infinity;
  const isTooMuch =
    (maxDrop.kind === 'absolute' && maxDrop.value > high - low) ||
    (maxDrop.kind === 'relative' && maxDrop.value > mostShare);
  if (!isTooMuch) return;
  const given = maxDrop.kind === 'relative' ? `${maxDrop.value * 100}%` : String(maxDrop.value);
  const amounts = Number.isFinite(high - low) ? `amounts up to ${high - low}` : 'amounts';
  const shares = Number.isFinite(mostShare) ? 'shares of the baseline up to 100%' : 'shares of the baseline';
  throw new AssayError(
    'usage-invalid',
    `--max-drop ${given} is more than ${id} can lose, which lies between ${low} and ${high}; ${amounts} and ${shares} are accepted.`,
    { hint: `A percentage is written with its sign: --max-drop 1% is a hundredth of the baseline's ${id}.` },
  );
}
