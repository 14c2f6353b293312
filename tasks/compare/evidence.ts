import type { Side } from '../../core/statistics/skewed-interval.ts';
import type { Interval } from '../../core/verdict.ts';

/** What samples tell of a difference, for every level that is asked for. */
export type Evidence = (level: number) => Finding;

export interface Finding {
  /** Null where none can be made, as `note` tells. */
  interval: Interval | null;
  /** A sentence on it where there is something to say. */
  note: string | null;
  /** How each end comes nearer with more samples. */
  ends: Readonly<Record<Side, End>>;
  /** How many further samples it takes for there to be an interval; null where there is one, or never will be. */
  samplesToBegin: number | null;
}

/** The reach h of an end shrinks with the number of samples n as h² = z² · (variance + growth · h) / n. */
export interface End {
  /** 0 where the variance does not grow with the reach. */
  growth: number;
  /** How many samples it takes before the end is no longer tripled for skewness; null where it is not. */
  samplesToTrust: number | null;
}

const plainEnd: End = { growth: 0, samplesToTrust: null };

/** An interval that shrinks as the standard error does, or as is told. */
export function finding(
  interval: Interval,
  { note = null, ends = { low: plainEnd, high: plainEnd } }: Partial<Pick<Finding, 'note' | 'ends'>> = {},
): Finding {
  return { interval, note, ends, samplesToBegin: null };
}

export function noEvidence(note: string, samplesToBegin: number | null = null): Evidence {
  return () => ({ interval: null, note, ends: { low: plainEnd, high: plainEnd }, samplesToBegin });
}
