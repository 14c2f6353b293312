import type { Predictions } from '../predictions.ts';
import type { Distance } from './distance.ts';
import { kindOf } from './kinds/registry.ts';
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
    };

/** Distance of the outputs of a variant to its baseline's on the same samples; null for no samples or outputs that are not finite. */
export function outputDistance(baseline: Predictions, variant: Predictions): OutputDistance | null {
  requireSameSamples(baseline, variant);
  return kindOf(baseline).distance(baseline, variant);
}
