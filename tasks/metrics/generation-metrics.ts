import type { Figure, Metric } from '../metric.ts';
import type { GenerationPredictions } from '../predictions.ts';
import { undefinedBecause, valued } from './figure.ts';
import { tokenPerplexity } from './likelihood.ts';
import { namedSamples } from './named-samples.ts';
import { requireLengths } from './required-lengths.ts';
import { meanOf } from './sum.ts';

const shared = { task: 'generation', unit: '' } as const;

export const generationMetrics: readonly Metric<'generation'>[] = [
  {
    ...shared,
    id: 'perplexity',
    label: 'Perplexity per token',
    direction: 'lower-is-better',
    range: [1, Infinity],
    oracle: 'NumPy 2.4.6 (definition)',
    formula: 'exp(sum of -ln p(token) / number of tokens)',
    source: 'Jelinek, Mercer, Bahl & Baker 1977',
    compute: (given) => likelihoodFault(given) ?? perplexityFigure(given),
  },
  {
    ...shared,
    id: 'exact-match',
    label: 'Exact match',
    direction: 'higher-is-better',
    range: [0, 1],
    oracle: 'scikit-learn 1.9.1',
    formula: 'mean [text = a reference]',
    source: 'scikit-learn accuracy_score on texts',
    compute: (given) => textFault(given) ?? valued(meanOf(exactMatches(given))),
    sampleScores: exactMatches,
  },
];

function exactMatches({ generated, references, otherReferences }: GenerationPredictions): Float64Array {
  return Float64Array.from(generated, (text, sample) =>
    text === references[sample] || otherReferences?.[sample]?.includes(text) === true ? 1 : 0,
  );
}

function textFault(given: GenerationPredictions): Figure | null {
  const { ids, generated, references } = given;
  requireLengths(ids, undefined, { generated: generated.length, references: references.length });
  return ids.length === 0 ? undefinedBecause('there are no samples') : null;
}

function likelihoodFault(given: GenerationPredictions): Figure | null {
  const { ids, negativeLogLikelihood, tokens } = given;
  requireLengths(ids, undefined, {
    negativeLogLikelihood: negativeLogLikelihood.length,
    tokens: tokens.length,
  });
  const wild = namedSamples(ids, (sample) => !Number.isFinite(negativeLogLikelihood[sample]));
  if (wild !== null) return undefinedBecause(`likelihoods must be finite; NaN or infinite for ${wild}`);
  return tokens.some((count) => count > 0) ? null : undefinedBecause('there are no tokens');
}

function perplexityFigure({ negativeLogLikelihood, tokens }: GenerationPredictions): Figure {
  const value = tokenPerplexity(negativeLogLikelihood, tokens);
  return value === Infinity
    ? undefinedBecause('perplexity is beyond the range of a number (mean loss above 709 nats a token)')
    : valued(value);
}
