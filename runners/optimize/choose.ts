import { paretoFrontier } from '../../core/pareto.ts';
import type { CandidateTime } from '../explain/time-candidates.ts';
import type { Comparison } from '../../tasks/compare/comparison.ts';
import { holds, type Tried } from './judge-candidates.ts';

/** What is to be as small as it can be. */
export type Aim = 'latency' | 'size';

/** A variant that was tried, with all that is known of it. */
export interface Candidate {
  tried: Tried;
  comparison: Comparison | null;
  /** Null where only size counts. */
  time: CandidateTime | null;
}

/** What a candidate costs by an aim; null where it could not be timed. */
export function costOf({ tried, time }: Candidate, aim: Aim): number | null {
  return aim === 'size' ? tried.variant.sizeBytes : (time?.p50Ms ?? null);
}

/** The cheapest candidate whose loss is proven to be tolerated; null where there is none. */
export function choose(candidates: readonly Candidate[], aim: Aim): Candidate | null {
  const holding = candidates.filter(({ comparison }) => holds(comparison));
  const priced = holding.flatMap((candidate) => {
    const cost = costOf(candidate, aim);
    return cost === null ? [] : [{ candidate, cost }];
  });
  return priced.toSorted((a, b) => a.cost - b.cost)[0]?.candidate ?? null;
}

/** The candidates that no other one beats in both cost and quality, by their estimates. */
export function frontierOf(candidates: readonly Candidate[], aim: Aim): Candidate[] {
  const priced = candidates.flatMap((candidate) => {
    const cost = costOf(candidate, aim);
    const { comparison } = candidate;
    if (cost === null || comparison === null) return [];
    const sign = comparison.direction === 'higher-is-better' ? 1 : -1;
    return [{ candidate, cost, gain: sign * comparison.variant }];
  });
  const frontier = paretoFrontier(priced, { cost: ({ cost }) => cost, gain: ({ gain }) => gain });
  return frontier.map(({ candidate }) => candidate);
}
