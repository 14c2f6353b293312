import type { Figure } from '../metric.ts';
import type { GenerationPredictions } from '../predictions.ts';
import { undefinedBecause } from './figure.ts';
import { namedSamples } from './named-samples.ts';
import { requireLengths } from './required-lengths.ts';
import { hasOutside } from './scan.ts';
import { stripped } from './python-text.ts';

/** Why texts cannot be scored, or null. Columns of different lengths are errors. */
export function textFault(given: GenerationPredictions): Figure | null {
  const { ids, generated, references, otherReferences } = given;
  requireLengths(ids, undefined, {
    generated: generated.length,
    references: references.length,
    ...(otherReferences === undefined ? {} : { otherReferences: otherReferences.length }),
  });
  return ids.length === 0 ? undefinedBecause('there are no samples') : null;
}

/** As `textFault`, and why references without a word leave nothing to compare with. */
export function referenceFault(given: GenerationPredictions): Figure | null {
  const fault = textFault(given);
  if (fault !== null) return fault;
  if (!given.ids.every((_, sample) => isBlank(given, sample))) return null;
  const named = namedSamples(given.ids, () => true);
  return undefinedBecause(
    `all references are empty, as of ${named!}; a reference holds at least a character`,
  );
}

/** A doubt where some references are empty. */
export function blankDoubts(given: GenerationPredictions): string[] {
  const named = namedSamples(given.ids, (sample) => isBlank(given, sample));
  return named === null ? [] : [`the reference of ${named} is empty: every word generated there is wrong`];
}

/** Why likelihoods cannot be scored, or null. */
export function likelihoodFault(given: GenerationPredictions): Figure | null {
  const { ids, negativeLogLikelihood, tokens } = given;
  requireLengths(ids, undefined, {
    negativeLogLikelihood: negativeLogLikelihood.length,
    tokens: tokens.length,
  });
  if (hasOutside(negativeLogLikelihood, -Number.MAX_VALUE, Number.MAX_VALUE)) {
    const wild = namedSamples(ids, (sample) => !Number.isFinite(negativeLogLikelihood[sample]));
    return undefinedBecause(`-ln p must be a finite number; not so for ${wild!}`);
  }
  return tokens.some((count) => count > 0) ? null : undefinedBecause('there are no tokens');
}

/** As `likelihoodFault`, and why there is no mean over sequences. */
export function sequenceFault(given: GenerationPredictions): Figure | null {
  const fault = likelihoodFault(given);
  if (fault !== null) return fault;
  if (!hasEmpty(given.tokens)) return null;
  const named = namedSamples(given.ids, (sample) => given.tokens[sample]! <= 0);
  return named === null ? null : undefinedBecause(`every sequence must hold a token; not so for ${named}`);
}

/** As `likelihoodFault`, and why there are no bytes to share the loss among. */
export function byteFault(given: GenerationPredictions): Figure | null {
  const { ids, utf8Bytes } = given;
  if (utf8Bytes === undefined) return undefinedBecause('the number of bytes of the texts is unknown');
  requireLengths(ids, undefined, { utf8Bytes: utf8Bytes.length });
  const fault = likelihoodFault(given);
  if (fault !== null) return fault;
  return utf8Bytes.some((count) => count > 0) ? null : undefinedBecause('the texts hold no bytes');
}

function isBlank({ references, otherReferences }: GenerationPredictions, sample: number): boolean {
  const all = [references[sample]!, ...(otherReferences?.[sample] ?? [])];
  return all.every((reference) => stripped(reference) === '');
}

function hasEmpty(counts: Int32Array): boolean {
  for (let i = 0; i < counts.length; i++) if (counts[i]! <= 0) return true;
  return false;
}
