import { paretoSet } from '../../core/pareto.ts';
import type { Variant } from '../../results/schema.ts';
import type { Comparison } from '../../tasks/compare/comparison.ts';
import type { CandidateTime } from '../explain/time-candidates.ts';
import { holds, type Tried } from './judge-candidates.ts';

/** What is to be as small as it can be. */
export type Aim = 'latency' | 'size';

/** What a model costs to serve. */
export interface Served {
  variant: Variant;
  /** Null where only size counts. */
  time: CandidateTime | null;
}

/** A variant that was tried, with all that is known of it. */
export interface Candidate extends Served {
  tried: Tried;
  comparison: Comparison | null;
}

/** What a model costs by an aim; null where it could not be timed. */
function costOf({ variant, time }: Served, aim: Aim): number | null {
  return aim === 'size' ? variant.sizeBytes : (time?.p50Ms ?? null);
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

/**
 * The names of the candidates, and of the baseline, that no other one of them beats by estimates: in the metric and in size, and in
 * latency too where that is the aim. Cheapest first; one of which a figure is not known is left out.
 */
export function paretoNames(candidates: readonly Candidate[], baseline: Served, aim: Aim): string[] {
  const judged = candidates.flatMap(({ comparison, ...served }) =>
    comparison === null ? [] : [{ served, comparison, quality: comparison.variant }],
  );
  const [first] = judged;
  if (first === undefined) return [];
  const { comparison } = first;
  const points = [{ served: baseline, comparison, quality: comparison.baseline }, ...judged].flatMap(
    ({ served, quality }) => {
      const [cost, { sizeBytes }] = [costOf(served, aim), served.variant];
      const loss = comparison.direction === 'higher-is-better' ? -quality : quality;
      if (cost === null || sizeBytes === null) return [];
      return [{ name: served.variant.name, costs: [cost, loss, sizeBytes] }];
    },
  );
  return paretoSet(points, ({ costs }) => costs).map(({ name }) => name);
}
