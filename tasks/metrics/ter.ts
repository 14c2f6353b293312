import { createBeamEdits, type EditPath, step } from './beam-edits.ts';
import { referenceCount } from './bleu.ts';
import { type CountRows, sumOfRows } from './count-rows.ts';
import { createNumbering } from './ngrams.ts';
import { type TercomOptions, tercomReferenceWords, tercomWords } from './tercom-words.ts';

/** Tercom's and sacrebleu's limits. */
const maxShiftLength = 10;
const maxShiftDistance = 50;
const maxCandidates = 1000;

/**
 * Corpus translation edit rate in percent: edits, with a move of words counting once, over the mean length of the references
 * (Snover et al. 2006; sacrebleu 2.6.0 `corpus_ter`). 100 where only the references are empty, 0 where all is.
 */
export function ter(
  texts: readonly string[],
  references: readonly (readonly string[])[],
  options: TercomOptions = {},
): number {
  return terOfSums(sumOfRows(terCounts(texts, references, options)));
}

/** Edits and mean reference length of each segment. */
export function terCounts(
  texts: readonly string[],
  references: readonly (readonly string[])[],
  options: TercomOptions = {},
): CountRows {
  const rows = new Float64Array(2 * texts.length);
  const [words, referenceWords] = [tercomWords(options), tercomReferenceWords(options)];
  for (const [index, text] of texts.entries()) {
    const { edits, length } = segmentEdits(words(text), references[index]!.map(referenceWords));
    rows.set([edits, length], 2 * index);
  }
  return { width: 2, rows };
}

/** TER of the summed counts of segments. */
export function terOfSums([edits = 0, length = 0]: Float64Array): number {
  if (length > 0) return (100 * edits) / length;
  return edits > 0 ? 100 : 0;
}

/** The settings as sacrebleu writes them, with `-assay` behind the version whose definition is met. */
export function terSignature(
  references: readonly (readonly string[])[],
  options: TercomOptions = {},
): string {
  const { caseSensitive = false, punctuation = true, normalized = false, asianSupport = false } = options;
  const yesOrNo = (isSet: boolean): string => (isSet ? 'yes' : 'no');
  return [
    `nrefs:${referenceCount(references)}`,
    `case:${caseSensitive ? 'mixed' : 'lc'}`,
    'tok:tercom',
    `norm:${yesOrNo(normalized)}`,
    `punct:${yesOrNo(punctuation)}`,
    `asian:${yesOrNo(asianSupport)}`,
    'version:2.6.0-assay',
  ].join('|');
}

function segmentEdits(
  text: readonly string[],
  references: readonly (readonly string[])[],
): { edits: number; length: number } {
  const number = createNumbering<string>();
  const [words, ...targets] = [text, ...references].map((line) => number(line));
  const edits = targets.map((reference) => editsWithShifts(words!, reference));
  const length = targets.reduce((sum, reference) => sum + reference.length, 0);
  return { edits: Math.min(...edits), length: length / targets.length };
}

/** Moves blocks of words, the best first, as long as that saves edits. */
function editsWithShifts(words: Int32Array, reference: Int32Array): number {
  if (reference.length === 0) return words.length;
  const search: Search = { reference, editsOf: createBeamEdits(reference, words.length), tried: 0 };
  let [current, shifts] = [words, 0];
  for (;;) {
    const best = bestShift(current, search);
    if (search.tried >= maxCandidates || best === null || best.saved <= 0) break;
    current = best.words;
    shifts++;
  }
  return shifts + search.editsOf(current).edits;
}

interface Search {
  reference: Int32Array;
  editsOf: (words: Int32Array) => EditPath;
  /** Candidates so far, over all shifts. */
  tried: number;
}

/** Words [start, start + length) moved to before `target`. */
interface Shift {
  start: number;
  length: number;
  target: number;
  saved: number;
  words: Int32Array;
}

function bestShift(words: Int32Array, search: Search): Shift | null {
  const path = search.editsOf(words);
  const alignment = alignmentOf(path.steps);
  let best: Shift | null = null;
  for (const match of matchingBlocks(words, search.reference)) {
    if (!isWorthMoving(match, alignment)) continue;
    for (const target of targetsOf(match, alignment, search.reference.length)) {
      const moved = shifted(words, match, target);
      const candidate = { ...match, target, saved: path.edits - search.editsOf(moved).edits, words: moved };
      search.tried++;
      if (best === null || isBetter(candidate, best)) best = candidate;
    }
    if (search.tried >= maxCandidates) break;
  }
  return best;
}

/** Which words are wrong, and at which word of the text each word of the reference is. */
interface Alignment {
  textPlaces: number[];
  isWrongInText: boolean[];
  isWrongInReference: boolean[];
}

function alignmentOf(steps: Uint8Array): Alignment {
  const alignment: Alignment = { textPlaces: [], isWrongInText: [], isWrongInReference: [] };
  for (const taken of steps) {
    if (taken !== step.add) alignment.isWrongInText.push(taken !== step.keep);
    if (taken === step.drop) continue;
    alignment.textPlaces.push(alignment.isWrongInText.length - 1);
    alignment.isWrongInReference.push(taken !== step.keep);
  }
  return alignment;
}

interface Match {
  start: number;
  referenceStart: number;
  length: number;
}

/** Every run of words that text and reference share, with each of its beginnings, by place in the text. */
function* matchingBlocks(words: Int32Array, reference: Int32Array): Generator<Match> {
  for (let start = 0; start < words.length; start++) {
    const last = Math.min(reference.length - 1, start + maxShiftDistance);
    for (let referenceStart = Math.max(0, start - maxShiftDistance); referenceStart <= last; referenceStart++)
      for (let length = 1; length <= maxShiftLength; length++) {
        if (start + length > words.length || referenceStart + length > reference.length) break;
        if (words[start + length - 1] !== reference[referenceStart + length - 1]) break;
        yield { start, referenceStart, length };
      }
  }
}

/** Both places must hold an error, and the block must not be aligned with itself. */
function isWorthMoving({ start, referenceStart, length }: Match, alignment: Alignment): boolean {
  if (!alignment.isWrongInText.slice(start, start + length).includes(true)) return false;
  if (!alignment.isWrongInReference.slice(referenceStart, referenceStart + length).includes(true))
    return false;
  const place = alignment.textPlaces[referenceStart]!;
  return place < start || place >= start + length;
}

/** Places before which the block may go: behind each word that is aligned with the reference words around its target. */
function targetsOf(
  { referenceStart, length }: Match,
  { textPlaces }: Alignment,
  referenceLength: number,
): number[] {
  const targets: number[] = [];
  for (let offset = -1; offset < length && referenceStart + offset < referenceLength; offset++) {
    const target = referenceStart + offset < 0 ? 0 : textPlaces[referenceStart + offset]! + 1;
    if (target !== targets.at(-1)) targets.push(target);
  }
  return targets;
}

function shifted(words: Int32Array, { start, length }: Match, target: number): Int32Array {
  const block = words.subarray(start, start + length);
  const rest = [...words.subarray(0, start), ...words.subarray(start + length)];
  rest.splice(placeInRest(start, length, target), 0, ...block);
  return Int32Array.from(rest);
}

/** A target within the block moves it by as much as it lies behind the start. */
function placeInRest(start: number, length: number, target: number): number {
  return target > start + length ? target - length : target;
}

/** More edits saved, then a longer block, then one from further ahead, then one to further ahead. */
function isBetter(a: Shift, b: Shift): boolean {
  if (a.saved !== b.saved) return a.saved > b.saved;
  if (a.length !== b.length) return a.length > b.length;
  return a.start === b.start ? a.target < b.target : a.start < b.start;
}
