import type { GenerationPredictions } from '../../predictions.ts';
import { distanceOf } from '../distance.ts';
import { mixFloats, mixItems, takeFacts, takeFloats, takeIntegers, takeItems } from './columns.ts';
import type { ComparedKind } from './kind.ts';

export const generationKind: ComparedKind<GenerationPredictions> = {
  take: (from, indices) => {
    const { floorNegativeLogLikelihood: floor, utf8Bytes, otherReferences } = from;
    return {
      ...from,
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
  distance: (baseline, variant) => {
    const lossPerToken = distanceOf(lossesPerToken(baseline), lossesPerToken(variant));
    return lossPerToken === null ? null : { kind: 'generation', lossPerToken };
  },
  classes: () => null,
};

function lossesPerToken({ negativeLogLikelihood, tokens }: GenerationPredictions): Float64Array {
  return negativeLogLikelihood
    .map((loss, sample) => loss / tokens[sample]!)
    .filter((_, sample) => tokens[sample]! > 0);
}
