import { referenceCount } from './bleu.ts';
import { type CountRows, sumOfRows } from './count-rows.ts';
import { clippedMatches, createNumbering } from './ngrams.ts';
import { codePointsOf, withoutWhitespace, wordsOf } from './python-text.ts';

/** Options of chrF; sacrebleu's defaults. */
export interface ChrfOptions {
  charOrder?: number;
  /** 2 makes it chrF++. */
  wordOrder?: number;
  /** How many times recall weighs against precision. */
  beta?: number;
  lowercase?: boolean;
  /** Whether white space is part of character n-grams. */
  whitespace?: boolean;
  /** Whether every order counts, with 1e-16 where there is nothing, in place of those that occur. */
  epsSmoothing?: boolean;
}

/** N-grams of one order: in the text, in the reference, in both. */
interface OrderCounts {
  text: number;
  reference: number;
  matches: number;
}

type Settings = Required<ChrfOptions>;

const defaults: Settings = {
  charOrder: 6,
  wordOrder: 0,
  beta: 2,
  lowercase: false,
  whitespace: false,
  epsSmoothing: false,
};

/** Corpus chrF, 0 to 100, of texts against one or more references each (Popovic 2015, 2017; sacrebleu 2.6.0 `corpus_chrf`). */
export function chrf(
  texts: readonly string[],
  references: readonly (readonly string[])[],
  options: ChrfOptions = {},
): number {
  return chrfOfSums(sumOfRows(chrfCounts(texts, references, options)), options);
}

/** Counts of each segment by order: in the text, in the reference, in both. */
export function chrfCounts(
  texts: readonly string[],
  references: readonly (readonly string[])[],
  options: ChrfOptions = {},
): CountRows {
  const settings = { ...defaults, ...options };
  const width = 3 * (settings.charOrder + settings.wordOrder);
  const rows = new Float64Array(texts.length * width);
  for (const [index, segment] of texts.entries()) {
    const counts = bestCounts(segment, references[index]!, settings);
    rows.set(
      counts.flatMap(({ text, reference, matches }) => [text, reference, matches]),
      index * width,
    );
  }
  return { width, rows };
}

/** chrF of the summed counts of segments. */
export function chrfOfSums(sums: Float64Array, options: ChrfOptions = {}): number {
  const orders = Array.from({ length: sums.length / 3 }, (_, order) => ({
    text: sums[3 * order]!,
    reference: sums[3 * order + 1]!,
    matches: sums[3 * order + 2]!,
  }));
  return fScore(orders, { ...defaults, ...options });
}

/** The settings as sacrebleu writes them, with `-assay` behind the version whose definition is met. */
export function chrfSignature(references: readonly (readonly string[])[], options: ChrfOptions = {}): string {
  const { charOrder, wordOrder, lowercase, whitespace, epsSmoothing } = { ...defaults, ...options };
  return [
    `nrefs:${referenceCount(references)}`,
    `case:${lowercase ? 'lc' : 'mixed'}`,
    `eff:${epsSmoothing ? 'no' : 'yes'}`,
    `nc:${charOrder}`,
    `nw:${wordOrder}`,
    `space:${whitespace ? 'yes' : 'no'}`,
    'version:2.6.0-assay',
  ].join('|');
}

/** Counts against the reference that scores best; the first of equals. */
function bestCounts(text: string, references: readonly string[], settings: Settings): OrderCounts[] {
  const candidates = references.map((reference) => segmentCounts(text, reference, settings));
  if (candidates.length === 1) return candidates[0]!;
  const scores = candidates.map((counts) => fScore(counts, settings));
  return candidates[scores.indexOf(Math.max(...scores))]!;
}

function segmentCounts(text: string, reference: string, settings: Settings): OrderCounts[] {
  const cased = settings.lowercase ? [text.toLowerCase(), reference.toLowerCase()] : [text, reference];
  const spaced = settings.whitespace ? cased : cased.map(withoutWhitespace);
  const [characters, words] = [createNumbering<number>(), createNumbering<string>()];
  const [textCharacters, referenceCharacters] = spaced.map((line) => characters(codePointsOf(line)));
  const ofCharacters = countsOf(textCharacters!, referenceCharacters!, settings.charOrder);
  if (settings.wordOrder === 0) return ofCharacters;
  const [textWords, referenceWords] = cased.map((line) => words(wordsOf(line).flatMap(withoutPunctuation)));
  return [...ofCharacters, ...countsOf(textWords!, referenceWords!, settings.wordOrder)];
}

function countsOf(text: Int32Array, reference: Int32Array, maxOrder: number): OrderCounts[] {
  return clippedMatches(text, [reference], maxOrder).map((matches, index) => {
    const inReference = Math.max(0, reference.length - index);
    return {
      text: inReference === 0 ? 0 : Math.max(0, text.length - index),
      reference: inReference,
      matches,
    };
  });
}

const punctuation = new Set('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');

/** A word and the one sign at its end, or else at its start. */
function withoutPunctuation(word: string): string[] {
  const characters = Array.from(word);
  if (characters.length === 1) return [word];
  if (punctuation.has(characters.at(-1)!)) return [characters.slice(0, -1).join(''), characters.at(-1)!];
  if (punctuation.has(characters[0]!)) return [characters[0]!, characters.slice(1).join('')];
  return [word];
}

function fScore(orders: readonly OrderCounts[], { beta, epsSmoothing }: Settings): number {
  if (epsSmoothing)
    return (100 * orders.reduce((sum, counts) => sum + smoothedF(counts, beta), 0)) / orders.length;
  const effective = orders.filter(({ text, reference }) => text > 0 && reference > 0);
  if (effective.length === 0) return 0;
  const precision = effective.reduce((sum, { matches, text }) => sum + matches / text, 0) / effective.length;
  const recall =
    effective.reduce((sum, { matches, reference }) => sum + matches / reference, 0) / effective.length;
  return precision + recall === 0 ? 0 : 100 * weightedF(precision, recall, beta);
}

function smoothedF({ text, reference, matches }: OrderCounts, beta: number): number {
  const nothing = 1e-16;
  const precision = text > 0 ? matches / text : nothing;
  const recall = reference > 0 ? matches / reference : nothing;
  return precision + recall > 0 ? weightedF(precision, recall, beta) : nothing;
}

function weightedF(precision: number, recall: number, beta: number): number {
  return ((1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall);
}
