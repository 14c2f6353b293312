import type { Figure, Metric, SampleSums } from '../metric.ts';
import type { GenerationPredictions } from '../predictions.ts';
import { undefinedBecause, valued } from './figure.ts';
import { bitsPerByte, sequencePerplexities, tokenPerplexity } from './likelihood.ts';
import { meanOf } from './sum.ts';
import { byteFault, likelihoodFault, sequenceFault } from './text-faults.ts';

const shared = {
  task: 'generation',
  unit: '',
  direction: 'lower-is-better',
  range: [1, Infinity],
  oracle: 'NumPy 2.4.6 (definition)',
  reads: 'values',
} as const;

/** Metrics of how likely the reference text is to the model. */
export const likelihoodMetrics: readonly Metric<'generation'>[] = [
  {
    ...shared,
    id: 'perplexity',
    label: 'Perplexity per token',
    formula: 'exp(sum of -ln p(token) / number of tokens)',
    source: 'Jelinek, Mercer, Bahl & Baker 1977',
    compute: (given) =>
      likelihoodFault(given) ?? finite(tokenPerplexity(given.negativeLogLikelihood, given.tokens)),
    sampleSums: ({ negativeLogLikelihood, tokens }) => ({
      ...besideEachOther(negativeLogLikelihood, tokens),
      metricOf: ([loss = NaN, count = NaN]) => Math.exp(loss / count),
    }),
  },
  {
    ...shared,
    id: 'perplexity-over-floor',
    label: 'Perplexity over its floor',
    // A sample can be likelier under the model than under its source.
    range: [0, Infinity],
    formula: 'exp((sum of -ln p(token) - sum of -ln p(token) under the source) / number of tokens)',
    source: 'the exponential of the divergence from the source, Cover & Thomas 2006, 2.3',
    compute: (given) => likelihoodFault(given) ?? overFloor(given),
    sampleSums: ({ negativeLogLikelihood, floorNegativeLogLikelihood: floor, tokens }) => ({
      ...besideEachOther(aboveFloor(negativeLogLikelihood, floor), tokens),
      metricOf: ([excess = NaN, count = NaN]) => Math.exp(excess / count),
    }),
  },
  {
    ...shared,
    id: 'perplexity-sequence',
    label: 'Perplexity, mean over sequences',
    formula: 'mean over sequences of exp(sum of -ln p(token) / number of its tokens)',
    source: 'Hugging Face evaluate perplexity 0.4 (mean_perplexity)',
    compute: (given) =>
      sequenceFault(given) ?? finite(meanOf(sequencePerplexities(given.negativeLogLikelihood, given.tokens))),
    sampleScores: ({ negativeLogLikelihood, tokens }) => sequencePerplexities(negativeLogLikelihood, tokens),
  },
  {
    ...shared,
    id: 'bits-per-byte',
    label: 'Bits per byte',
    unit: 'bits',
    range: [0, Infinity],
    formula: 'sum of -ln p(token) / (ln 2 * number of UTF-8 bytes)',
    source: 'lm-evaluation-harness bits_per_byte',
    compute: (given) =>
      byteFault(given) ??
      finite(bitsPerByte(given.negativeLogLikelihood, given.utf8Bytes ?? new Int32Array())),
    sampleSums: ({ negativeLogLikelihood, utf8Bytes = new Int32Array() }) => ({
      ...besideEachOther(negativeLogLikelihood, utf8Bytes),
      metricOf: ([loss = NaN, count = NaN]) => loss / (Math.LN2 * count),
    }),
  },
];

function overFloor({
  negativeLogLikelihood,
  floorNegativeLogLikelihood: floor,
  tokens,
}: GenerationPredictions): Figure {
  if (floor === null) return undefinedBecause('the source of the data is not known, and so is its floor');
  return finite(tokenPerplexity(aboveFloor(negativeLogLikelihood, floor), tokens));
}

function aboveFloor(losses: Float64Array, floor: Float64Array | null): Float64Array {
  return losses.map((loss, sample) => loss - (floor?.[sample] ?? NaN));
}

function besideEachOther(losses: Float64Array, counts: Int32Array): Pick<SampleSums, 'width' | 'addTo'> {
  return {
    width: 2,
    addTo: (sums, start, sample) => {
      sums[start]! += losses[sample]!;
      sums[start + 1]! += counts[sample]!;
    },
  };
}

function finite(value: number): Figure {
  return Number.isFinite(value)
    ? valued(value)
    : undefinedBecause('it is beyond the range of a number: the loss is above 709 nats a token');
}
