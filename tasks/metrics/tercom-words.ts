import { withoutEnd, wordsOf } from './python-text.ts';
import { separateSigns, separateStops, unescaped } from './western-signs.ts';

/** How TER reads words; sacrebleu's defaults. */
export interface TercomOptions {
  caseSensitive?: boolean;
  /** Whether the signs . , ? : ; ! " ( ) count, and with `asianSupport` those of Chinese and Japanese. */
  punctuation?: boolean;
  /** Joins lines, writes escapes of XML out and splits off punctuation. */
  normalized?: boolean;
  /** With `normalized`, Chinese and Japanese signs stand alone. */
  asianSupport?: boolean;
}

/** The words of a line as sacrebleu's `TercomTokenizer` makes them. */
export function tercomWords(options: TercomOptions): (line: string) => string[] {
  const { caseSensitive = false, punctuation = true, normalized = false, asianSupport = false } = options;
  const steps = [
    ...(caseSensitive ? [] : [(line: string): string => line.toLowerCase()]),
    ...(normalized ? [normalizeWestern] : []),
    ...(normalized && asianSupport ? [separateAsian] : []),
    ...(punctuation ? [] : [withoutPunctuation]),
    ...(!punctuation && asianSupport ? [withoutAsianPunctuation] : []),
  ];
  return (line) => wordsOf(steps.reduce((text, step) => step(text), withoutEnd(line)));
}

/** The words of a reference: sacrebleu normalizes it twice, which splits some further, such as `dog's` before an ideograph. */
export function tercomReferenceWords(options: TercomOptions): (line: string) => string[] {
  const words = tercomWords(options);
  return options.normalized === true ? (line) => words(words(line).join(' ')) : words;
}

function normalizeWestern(line: string): string {
  const joined = line.replaceAll('\n-', '').replaceAll('\n', ' ');
  return separateStops(separateSigns(` ${unescaped(joined)} `).replaceAll("'s ", " 's "));
}

const asianPunctuation = /[\u3001\u3002\u3008-\u3011\u3014-\u301f\uff61-\uff65\u30fb]/g;
const fullWidthPunctuation = /[\uff0e\uff0c\uff1f\uff1a\uff1b\uff01\uff02\uff08\uff09]/g;
/** The blocks that sacrebleu splits; those of kana only in a line that begins with them, which no padded one does. */
const ideographs =
  /[\u4e00-\u9fff\u3400-\u4dbf\u31c0-\u31ef\u2e80-\u2eff\u3300-\u33ff\uf900-\ufaff\ufe30-\ufe4f\u3200-\u3f22]/g;

function separateAsian(line: string): string {
  return [ideographs, asianPunctuation, fullWidthPunctuation].reduce(
    (text, signs) => text.replace(signs, ' $& '),
    line,
  );
}

function withoutPunctuation(line: string): string {
  return line.replace(/[.,?:;!"()]/g, '');
}

function withoutAsianPunctuation(line: string): string {
  return line.replace(asianPunctuation, '').replace(fullWidthPunctuation, '');
}
