import type { ProcessTimes } from '../../results/compare-latency.ts';

/** How another tool decides that a variant is slower, as its own documentation or source defines it. */
export interface PeerRule {
  name: string;
  /** Recorded processes that one decision takes: two where the tool compares separate runs. */
  processes: 1 | 2;
  /** Whether the tool would call the variant slower. */
  flags(recorded: readonly ProcessTimes[]): boolean;
}

/** What a tool would have measured of baseline and variant. */
export interface Collected {
  baseline: readonly number[];
  variant: readonly number[];
}
