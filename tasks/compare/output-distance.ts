import type { Predictions } from '../predictions.ts';
import type { Distance } from './distance.ts';
import { kindOf } from './kinds/registry.ts';
import type { NextTokenDivergence } from './next-token-divergence.ts';
import { requireSameSamples } from './same-samples.ts';

/** How far the outputs of a variant are from its baseline's, right or wrong. */
export type OutputDistance =
  | {
      kind: 'regression';
      /** Of the predicted values. */
      values: Distance;
    }
  | {
      kind: 'classification';
      /** Of the probabilities. */
      probabilities: Distance;
      /** Mean over samples of KL(baseline || variant), in nats; plus q - p of each label, which is 0 where rows sum to 1. */
      klDivergence: number;
    }
  | {
      kind: 'multilabel' | 'ranking';
      /** Of the scores. */
      scores: Distance;
    }
  | {
      kind: 'tagging';
      /** Share of tokens with another tag, 0 to 1. */
      changedTags: number;
    }
  | {
      kind: 'generation';
      /** Of the sample's mean -ln p a token, in nats; samples without tokens aside. */
      lossPerToken: Distance;
      /** Of the distributions of the next token, where they are kept. */
      divergence: NextTokenDivergence | null;
      /** Why there is none. */
      divergenceReason: string | null;
    };

/** A distance, or why there is none. */
export type DistanceOrReason =
  { distance: OutputDistance; distanceReason: null } | { distance: null; distanceReason: string };

/** Distance of the outputs of a variant to its baseline's on the same samples; its intervals have this level. */
export function outputDistance(baseline: Predictions, variant: Predictions, level: number): DistanceOrReason {
  requireSameSamples(baseline, variant);
  const reason = whyNone({ baseline, variant });
  const found = reason === null ? kindOf(baseline).distance(baseline, variant, level) : { reason };
  return 'reason' in found
    ? { distance: null, distanceReason: found.reason }
    : { distance: found, distanceReason: null };
}

function whyNone({ baseline, variant }: Record<'baseline' | 'variant', Predictions>): string | null {
  if (baseline.ids.length === 0) return 'There are no samples.';
  for (const [name, predictions] of Object.entries({ baseline, variant })) {
    const wild = kindOf(predictions).wildSamples(predictions);
    if (wild !== null) return `Outputs of the ${name} are not finite for ${wild}.`;
  }
  return null;
}
