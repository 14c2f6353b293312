import { distance } from 'fastest-levenshtein';
import { AssayError } from '../../core/errors.ts';
import { type CountRows, sumOfRows } from './count-rows.ts';
import { createNumbering } from './ngrams.ts';
import { codePointsOf, stripped, withoutRuns } from './python-text.ts';

/** The unit that is inserted, deleted or replaced. */
export type EditUnit = 'word' | 'character';

/**
 * Insertions, deletions and replacements that turn the references into the texts, over the length of all references
 * (jiwer 4.0.0 `wer`, `cer`); NaN where all references are empty. Characters are code points.
 */
export function editRate(texts: readonly string[], references: readonly string[], unit: EditUnit): number {
  return editRateOfSums(sumOfRows(editCounts(texts, references, unit)));
}

/** Edits and reference length of each text. */
export function editCounts(
  texts: readonly string[],
  references: readonly string[],
  unit: EditUnit,
): CountRows {
  const rows = new Float64Array(2 * texts.length);
  for (const [index, text] of texts.entries()) {
    const { edits, length } = editsOf[unit](text, references[index]!);
    rows.set([edits, length], 2 * index);
  }
  return { width: 2, rows };
}

/** The rate of the summed counts of texts; NaN where all references are empty. */
export function editRateOfSums([edits = 0, length = 0]: Float64Array): number {
  return length === 0 ? NaN : edits / length;
}

/** Edits of one text, and the length of its reference. */
type SegmentEdits = (text: string, reference: string) => { edits: number; length: number };

const editsOf: Record<EditUnit, SegmentEdits> = { word: wordEdits, character: characterEdits };

function wordEdits(text: string, reference: string): ReturnType<SegmentEdits> {
  return unitEdits(wordsBetweenSpaces(text), wordsBetweenSpaces(reference));
}

/** A single white space other than the space is part of a word, as in jiwer. */
function wordsBetweenSpaces(text: string): string[] {
  return stripped(withoutRuns(text))
    .split(' ')
    .filter((word) => word !== '');
}

const surrogate = /[\ud800-\udfff]/;

/** Code points are code units where there is no surrogate, and then the strings are compared as they are. */
function characterEdits(text: string, reference: string): ReturnType<SegmentEdits> {
  const [line, target] = [stripped(text), stripped(reference)];
  if (surrogate.test(line) || surrogate.test(target))
    return unitEdits(codePointsOf(line), codePointsOf(target));
  return { edits: distance(line, target), length: target.length };
}

/** Each distinct unit becomes a UTF-16 code unit, which the bit-parallel library compares. */
function unitEdits<Unit>(text: readonly Unit[], reference: readonly Unit[]): ReturnType<SegmentEdits> {
  const number = createNumbering<Unit>();
  return { edits: distance(codedAs(number(text)), codedAs(number(reference))), length: reference.length };
}

const codeUnits = 0x10000;
const chunk = 8192;

function codedAs(ids: Int32Array): string {
  if (ids.some((id) => id >= codeUnits))
    throw new AssayError(
      'dataset-invalid',
      `A text has more than ${codeUnits} distinct words or characters.`,
    );
  let coded = '';
  for (let start = 0; start < ids.length; start += chunk)
    coded += String.fromCharCode(...ids.subarray(start, start + chunk));
  return coded;
}
