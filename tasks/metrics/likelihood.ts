import { sumOf } from './sum.ts';

/** exp(sum of -ln p / sum of tokens): the perplexity of one token (Jelinek 1977), each token counting alike. */
export function tokenPerplexity(negativeLogLikelihood: Float64Array, tokens: Int32Array): number {
  return Math.exp(sumOf(negativeLogLikelihood) / sumOf(Float64Array.from(tokens)));
}
