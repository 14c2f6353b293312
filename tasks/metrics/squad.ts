import { createNumbering, clippedMatches } from './ngrams.ts';
import { wordsOf } from './python-text.ts';

/** `1.1`: every question has an answer. `2`: an empty reference means that there is none, and so does an empty text. */
export type SquadVersion = '1.1' | '2';

/** 1 where the text equals a reference once both are normalised, else 0, each (Rajpurkar et al. 2016, 2018). */
export function squadExactMatches(
  texts: readonly string[],
  references: readonly (readonly string[])[],
  version: SquadVersion,
): Float64Array {
  return bestOf({ texts, references, version }, (text, reference) => (text === reference ? 1 : 0));
}

/** The best F1 of the words that text and reference share, each. */
export function squadF1s(
  texts: readonly string[],
  references: readonly (readonly string[])[],
  version: SquadVersion,
): Float64Array {
  return bestOf({ texts, references, version }, (text, reference) => {
    if (version === '2' && (text === '' || reference === '')) return text === reference ? 1 : 0;
    return sharedWords(wordsOf(text), wordsOf(reference));
  });
}

/** Whether nothing is left of any reference once it is normalised: version 1.1 then gives an F1 of 0 to any text. */
export function isWordless(references: readonly string[]): boolean {
  return references.every((reference) => normalized(reference) === '');
}

interface Answers {
  texts: readonly string[];
  references: readonly (readonly string[])[];
  version: SquadVersion;
}

function bestOf(
  { texts, references, version }: Answers,
  score: (text: string, reference: string) => number,
): Float64Array {
  return Float64Array.from(texts, (text, index) => {
    const normal = normalized(text);
    return Math.max(...accepted(references[index]!, version).map((reference) => score(normal, reference)));
  });
}

function accepted(references: readonly string[], version: SquadVersion): string[] {
  const normal = references.map(normalized);
  if (version === '1.1') return normal;
  const answers = normal.filter((reference) => reference !== '');
  return answers.length === 0 ? [''] : answers;
}

const signs = /[!-/:-@[-`{-~]/g;

/** Python's \b takes letters and digits of any script for parts of a word; JavaScript's does not. */
const articles = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/** Lower case, without ASCII punctuation, without English articles, single spaces. */
function normalized(text: string): string {
  return wordsOf(text.toLowerCase().replace(signs, '').replace(articles, ' ')).join(' ');
}

function sharedWords(text: readonly string[], reference: readonly string[]): number {
  const number = createNumbering<string>();
  const [shared] = clippedMatches(number(text), [number(reference)], 1);
  if (shared === undefined || shared === 0) return 0;
  const [precision, recall] = [shared / text.length, shared / reference.length];
  return (2 * precision * recall) / (precision + recall);
}
