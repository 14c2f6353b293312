import { stripped } from './python-text.ts';
import { separateSigns, separateStops, unescaped } from './western-signs.ts';

/** Puts spaces around punctuation so that words can be split at white space; each as in sacrebleu 2.6.0. */
export const bleuTokenizers = {
  '13a': tokenize13a,
  intl: tokenizeInternational,
  zh: tokenizeChinese,
  char: (line: string): string => Array.from(line).join(' '),
  none: (line: string): string => line,
} satisfies Record<string, (line: string) => string>;

export type BleuTokenizer = keyof typeof bleuTokenizers;

/** The tokenizer of NIST's mteval-v13a, which WMT uses. */
function tokenize13a(line: string): string {
  const joined = line.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ');
  return separateWestern(` ${unescaped(joined)} `);
}

function separateWestern(line: string): string {
  return separateStops(separateSigns(line));
}

/** mteval-v14 `--international-tokenization`: punctuation of any script, except between numbers, and symbols. */
function tokenizeInternational(line: string): string {
  return line
    .replace(/(\P{N})(\p{P})/gu, '$1 $2 ')
    .replace(/(\p{P})(\P{N})/gu, ' $1 $2')
    .replace(/\p{S}/gu, ' $& ');
}

/**
 * Ideographs and full-width signs stand alone, the rest is as in 13a without its unescaping. The ranges U+2001 to U+2A6D and
 * U+2F81 to U+2FA1 are what sacrebleu's table comes to: it was meant to hold characters beyond U+FFFF.
 */
const chinese =
  /[\u2001-\u2a6d\u2e80-\u2fdf\u2ff0-\u303f\u3100-\u312f\u31a0-\u31bf\u31c0-\u31ef\u3200-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9\ufe10-\ufe1f\ufe30-\ufe4f\uff00-\uffef]/g;

function tokenizeChinese(line: string): string {
  return separateWestern(stripped(line).replace(chinese, ' $& '));
}
