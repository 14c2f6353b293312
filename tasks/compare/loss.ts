import type { Loss } from '../../core/statistics/judge.ts';
import type { Direction, Interval } from '../../core/verdict.ts';
import type { Finding } from './evidence.ts';

/** A difference of a metric, variant - baseline, and what is known of it at a level. */
interface Difference {
  direction: Direction;
  unit: string;
  difference: number;
  interval: Interval | null;
  margin: number;
  level: number;
}

/** Turns a difference so that positive is worse, whichever way the metric improves. */
export function lossOf({ direction, unit, difference, interval, margin, level }: Difference): Loss {
  const format = (loss: number): string => `${Number(loss.toPrecision(3))}${unit === '' ? '' : ` ${unit}`}`;
  if (direction === 'lower-is-better') return { estimate: difference, interval, margin, level, format };
  const turned = interval === null ? null : { ...interval, low: -interval.high, high: -interval.low };
  return { estimate: -difference, interval: turned, margin, level, format };
}

/** The ends of a difference as those of the loss. */
export function endsOfLoss(ends: Finding['ends'], direction: Direction): Finding['ends'] {
  return direction === 'lower-is-better' ? ends : { low: ends.high, high: ends.low };
}
