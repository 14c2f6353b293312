import { sumOf } from './sum.ts';

/** exp(sum of -ln p / number of tokens), every token alike (Jelinek et al. 1977). */
export function tokenPerplexity(negativeLogLikelihood: Float64Array, tokens: Int32Array): number {
  return Math.exp(sumOf(negativeLogLikelihood) / countOf(tokens));
}

/** exp(-ln p / number of tokens) of each sequence; their mean weighs every sequence alike (Hugging Face `perplexity`). */
export function sequencePerplexities(negativeLogLikelihood: Float64Array, tokens: Int32Array): Float64Array {
  const perplexities = new Float64Array(tokens.length);
  for (let i = 0; i < tokens.length; i++) perplexities[i] = Math.exp(negativeLogLikelihood[i]! / tokens[i]!);
  return perplexities;
}

/** Bits that code one byte of the text: sum of -ln p / (ln 2 * number of UTF-8 bytes). */
export function bitsPerByte(negativeLogLikelihood: Float64Array, utf8Bytes: Int32Array): number {
  return sumOf(negativeLogLikelihood) / (Math.LN2 * countOf(utf8Bytes));
}

function countOf(counts: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!;
  return sum;
}
