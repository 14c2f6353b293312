import type { GenerationPredictions } from '../../predictions.ts';
import { distanceOf } from '../distance.ts';
import { nextTokenDivergence } from '../next-token-divergence.ts';
import { wildRows, mixFloats, mixItems, takeFacts, takeFloats, takeIntegers, takeItems } from './columns.ts';
import type { ComparedKind } from './kind.ts';

export const generationKind: ComparedKind<GenerationPredictions> = {
  take: (from, indices) => {
    const { floorNegativeLogLikelihood: floor, utf8Bytes, otherReferences } = from;
    return {
      kind: 'generation',
      ...takeFacts(from, indices),
      negativeLogLikelihood: takeFloats(from.negativeLogLikelihood, indices),
      tokens: takeIntegers(from.tokens, indices),
      floorNegativeLogLikelihood: floor === null ? null : takeFloats(floor, indices),
      generated: takeItems(from.generated, indices),
      references: takeItems(from.references, indices),
      ...(utf8Bytes === undefined ? {} : { utf8Bytes: takeIntegers(utf8Bytes, indices) }),
      ...(otherReferences === undefined ? {} : { otherReferences: takeItems(otherReferences, indices) }),
    };
  },
  mix: (own, other, isOther) => ({
    ...own,
    negativeLogLikelihood: mixFloats(own.negativeLogLikelihood, other.negativeLogLikelihood, isOther),
    generated: mixItems(own.generated, other.generated, isOther),
  }),
  outputs: ({ negativeLogLikelihood, generated }) => [negativeLogLikelihood, generated],
  answers: ({ generated, references, otherReferences }) => ({
    answer: (sample) => generated[sample]!,
    isRight: (sample) => {
      const text = generated[sample]!;
      return text === references[sample] || otherReferences?.[sample]?.includes(text) === true;
    },
  }),
  wildSamples: ({ ids, negativeLogLikelihood }) => wildRows(ids, negativeLogLikelihood),
  distance: (baseline, variant, level) => {
    const [before, after] = [lossesPerToken(baseline), lossesPerToken(variant)];
    if (before.length === 0) return { reason: 'There are no tokens.' };
    const lossPerToken = distanceOf(before, after);
    if ('reason' in lossPerToken) return lossPerToken;
    const { divergence, reason } = nextTokenDivergence(baseline, variant, level);
    return { kind: 'generation', lossPerToken, divergence, divergenceReason: reason };
  },
  classes: () => null,
};

function lossesPerToken({ negativeLogLikelihood, tokens }: GenerationPredictions): Float64Array {
  return negativeLogLikelihood
    .map((loss, sample) => loss / tokens[sample]!)
    .filter((_, sample) => tokens[sample]! > 0);
}
