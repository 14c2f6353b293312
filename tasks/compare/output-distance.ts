import type {
  ClassificationPredictions,
  GenerationPredictions,
  Predictions,
  RegressionPredictions,
} from '../predictions.ts';
import { requireSameSamples } from './same-samples.ts';

/** How far apart two sets of numbers lie, in their unit. */
export interface Distance {
  mean: number;
  rootMeanSquare: number;
  max: number;
}

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
      /** Mean over samples of KL(baseline || variant), in nats. */
      klDivergence: number;
    }
  | {
      kind: 'generation';
      /** Of the sample's mean -ln p a token, in nats; samples without tokens aside. */
      lossPerToken: Distance;
    };

/** Distance of the outputs of a variant to its baseline's on the same samples; null for no samples or outputs that are not finite. */
export function outputDistance(baseline: Predictions, variant: Predictions): OutputDistance | null {
  requireSameSamples(baseline, variant);
  if (baseline.kind === 'regression' && variant.kind === 'regression')
    return betweenValues(baseline, variant);
  if (baseline.kind === 'classification' && variant.kind === 'classification')
    return betweenClasses(baseline, variant);
  if (baseline.kind === 'generation' && variant.kind === 'generation') return betweenTexts(baseline, variant);
  return null;
}

function betweenValues(
  baseline: RegressionPredictions,
  variant: RegressionPredictions,
): OutputDistance | null {
  const values = distance(baseline.predicted, variant.predicted);
  return values === null ? null : { kind: 'regression', values };
}

function betweenClasses(
  baseline: ClassificationPredictions,
  variant: ClassificationPredictions,
): OutputDistance | null {
  const probabilities = distance(baseline.probabilities, variant.probabilities);
  if (probabilities === null) return null;
  return { kind: 'classification', probabilities, klDivergence: klDivergence(baseline, variant) };
}

/** Probabilities are kept off 0 by 2^-52, as log loss does, so that a class the variant rules out counts much but not infinitely. */
function klDivergence(baseline: ClassificationPredictions, variant: ClassificationPredictions): number {
  let sum = 0;
  for (const [index, probability] of baseline.probabilities.entries()) {
    const other = Math.max(Number.EPSILON, variant.probabilities[index]!);
    if (probability > 0) sum += probability * Math.log(probability / other);
  }
  return Math.max(0, sum / baseline.ids.length);
}

function betweenTexts(
  baseline: GenerationPredictions,
  variant: GenerationPredictions,
): OutputDistance | null {
  const lossPerToken = distance(lossesPerToken(baseline), lossesPerToken(variant));
  return lossPerToken === null ? null : { kind: 'generation', lossPerToken };
}

function lossesPerToken({ negativeLogLikelihood, tokens }: GenerationPredictions): Float64Array {
  return negativeLogLikelihood
    .map((loss, sample) => loss / tokens[sample]!)
    .filter((_, sample) => tokens[sample]! > 0);
}

function distance(first: Float64Array, second: Float64Array): Distance | null {
  const gaps = first.map((value, index) => Math.abs(value - second[index]!));
  if (gaps.length === 0 || !gaps.every(Number.isFinite)) return null;
  const sum = gaps.reduce((total, gap) => total + gap, 0);
  const squares = gaps.reduce((total, gap) => total + gap * gap, 0);
  return {
    mean: sum / gaps.length,
    rootMeanSquare: Math.sqrt(squares / gaps.length),
    max: gaps.reduce((most, gap) => Math.max(most, gap), 0),
  };
}
