import { type BleuTokenizer, bleuTokenizers } from './bleu-tokenizers.ts';
import { type CountRows, sumOfRows } from './count-rows.ts';
import { clippedMatches, createNumbering } from './ngrams.ts';
import { withoutEnd, wordsOf } from './python-text.ts';

const maxOrder = 4;

/** What replaces a precision of 0: nothing, a share, or counts added to all orders above 1 (Chen & Cherry 2014). */
export type BleuSmoothing = 'none' | 'floor' | 'add-k' | 'exp';

/** Options of BLEU; sacrebleu's defaults. */
export interface BleuOptions {
  lowercase?: boolean;
  tokenize?: BleuTokenizer;
  smoothing?: BleuSmoothing;
  /** 0.1 for `floor`, 1 for `add-k`. */
  smoothingValue?: number | undefined;
  /** Whether orders longer than every text are left out, as for single sentences. */
  effectiveOrder?: boolean;
}

/** BLEU, 0 to 100, and what it is made of. */
export interface BleuScore {
  score: number;
  /** Precision of n-grams in percent, for n from 1 to 4, after smoothing. */
  precisions: number[];
  /** Matching n-grams by order, before smoothing. */
  matches: number[];
  brevityPenalty: number;
  textLength: number;
  referenceLength: number;
}

/** Counts of a segment: matches by order, n-grams by order, length of the text, length of the reference. */
const countsASegment = 2 * maxOrder + 2;

/** Corpus BLEU of texts against one or more references each (Papineni et al. 2002; sacrebleu 2.6.0 `corpus_bleu`). */
export function bleu(
  texts: readonly string[],
  references: readonly (readonly string[])[],
  options: BleuOptions = {},
): BleuScore {
  return bleuOfSums(sumOfRows(bleuCounts(texts, references, options)), options);
}

/** Counts of each segment, whose sums make the score of a corpus. */
export function bleuCounts(
  texts: readonly string[],
  references: readonly (readonly string[])[],
  options: BleuOptions = {},
): CountRows {
  const rows = new Float64Array(texts.length * countsASegment);
  const tokens = tokensWith(options);
  for (const [index, text] of texts.entries())
    rows.set(segmentCounts(tokens(text), references[index]!.map(tokens)), index * countsASegment);
  return { width: countsASegment, rows };
}

/** The settings as sacrebleu writes them, with `-assay` behind the version whose definition is met. */
export function bleuSignature(references: readonly (readonly string[])[], options: BleuOptions = {}): string {
  const { lowercase = false, tokenize = '13a', smoothing = 'exp', effectiveOrder = false } = options;
  const value = {
    none: '',
    exp: '',
    floor: `[${(options.smoothingValue ?? 0.1).toFixed(2)}]`,
    'add-k': `[${(options.smoothingValue ?? 1).toFixed(2)}]`,
  };
  return [
    `nrefs:${referenceCount(references)}`,
    `case:${lowercase ? 'lc' : 'mixed'}`,
    `eff:${effectiveOrder ? 'yes' : 'no'}`,
    `tok:${tokenize}`,
    `smooth:${smoothing}${value[smoothing]}`,
    'version:2.6.0-assay',
  ].join('|');
}

/** References a segment, or `var` where it varies. */
export function referenceCount(references: readonly (readonly string[])[]): string {
  const counts = new Set(references.map(({ length }) => length));
  return counts.size === 1 ? [...counts].join('') : 'var';
}

function tokensWith({ lowercase = false, tokenize = '13a' }: BleuOptions): (line: string) => string[] {
  const separate = bleuTokenizers[tokenize];
  return (line) => wordsOf(separate(withoutEnd(lowercase ? line.toLowerCase() : line)));
}

function segmentCounts(text: readonly string[], references: readonly (readonly string[])[]): number[] {
  const number = createNumbering<string>();
  const matches = clippedMatches(number(text), references.map(number), maxOrder);
  const totals = zeros().map((_, index) => Math.max(0, text.length - index));
  return [...matches, ...totals, text.length, closestLength(text.length, references)];
}

/** Of two lengths as close the shorter counts. */
function closestLength(length: number, references: readonly (readonly string[])[]): number {
  const lengths = references.map((reference) => reference.length);
  return lengths.reduce((best, candidate) => {
    const gain = Math.abs(length - best) - Math.abs(length - candidate);
    return gain > 0 || (gain === 0 && candidate < best) ? candidate : best;
  });
}

/** BLEU of the summed counts of segments. */
export function bleuOfSums(sums: Float64Array, options: BleuOptions = {}): BleuScore {
  const matches = Array.from(sums.subarray(0, maxOrder));
  const totals = Array.from(sums.subarray(maxOrder, 2 * maxOrder));
  const [textLength, referenceLength] = [sums[2 * maxOrder]!, sums[2 * maxOrder + 1]!];
  const brevityPenalty = penaltyOf(textLength, referenceLength);
  const parts = { matches, brevityPenalty, textLength, referenceLength };
  if (matches.every((count) => count === 0)) return { score: 0, precisions: zeros(), ...parts };
  const { precisions, orders } = smoothed(matches, totals, options);
  const logs = precisions.slice(0, orders).map(logOrFloor);
  const mean = logs.reduce((sum, value) => sum + value, 0) / orders;
  return { score: brevityPenalty * Math.exp(mean), precisions, ...parts };
}

function penaltyOf(textLength: number, referenceLength: number): number {
  if (textLength >= referenceLength) return 1;
  return textLength === 0 ? 0 : Math.exp(1 - referenceLength / textLength);
}

function smoothed(
  matches: number[],
  totals: number[],
  options: BleuOptions,
): { precisions: number[]; orders: number } {
  const { smoothing = 'exp', effectiveOrder = false } = options;
  const { smoothingValue = smoothing === 'floor' ? 0.1 : 1 } = options;
  const precisions = zeros();
  let [halving, orders] = [1, maxOrder];
  for (let index = 0; index < maxOrder; index++) {
    const added = smoothing === 'add-k' && index > 0 ? smoothingValue : 0;
    const [hits, total] = [matches[index]! + added, totals[index]! + added];
    if (total === 0) break;
    if (effectiveOrder) orders = index + 1;
    if (hits > 0) precisions[index] = (100 * hits) / total;
    else if (smoothing === 'exp') precisions[index] = 100 / ((halving *= 2) * total);
    else if (smoothing === 'floor') precisions[index] = (100 * smoothingValue) / total;
  }
  return { precisions, orders };
}

/** sacrebleu's stand-in for the logarithm of 0. */
function logOrFloor(value: number): number {
  return value === 0 ? -9_999_999_999 : Math.log(value);
}

function zeros(): number[] {
  return Array.from({ length: maxOrder }, () => 0);
}
