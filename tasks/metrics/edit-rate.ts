import { distance } from 'fastest-levenshtein';
import { AssayError } from '../../core/errors.ts';
import { type CountRows, sumOfRows } from './count-rows.ts';
import { createNumbering } from './ngrams.ts';
import { stripped, withoutRuns } from './whitespace.ts';

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
    const reference = unitsOf[unit](references[index]!);
    rows.set([editDistance(unitsOf[unit](text), reference), reference.length], 2 * index);
  }
  return { width: 2, rows };
}

/** The rate of the summed counts of texts; NaN where all references are empty. */
export function editRateOfSums([edits = 0, length = 0]: Float64Array): number {
  return length === 0 ? NaN : edits / length;
}

const unitsOf: Record<EditUnit, (text: string) => string[]> = {
  word: (text) =>
    stripped(withoutRuns(text))
      .split(' ')
      .filter((word) => word !== ''),
  character: (text) => Array.from(stripped(text)),
};

/** Each distinct unit becomes a UTF-16 code unit, which the bit-parallel library compares. */
function editDistance(text: readonly string[], reference: readonly string[]): number {
  const number = createNumbering<string>();
  return distance(codedAs(number(text)), codedAs(number(reference)));
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
