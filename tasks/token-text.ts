import type { References } from '../core/samples.ts';

export type TokenReferences = Extract<References, { kind: 'tokens' }>;

/** A row without its padding. */
export function tokensOf(references: TokenReferences, row: number): Int32Array {
  const start = row * (references.ids.length / references.lengths.length);
  return references.ids.subarray(start, start + (references.lengths[row] ?? 0));
}

/** What tokens spell, up to the one that ends a text. */
export function textOf({ vocabulary, join, end }: TokenReferences, tokens: Int32Array): string {
  const last = end === null ? -1 : tokens.indexOf(end);
  const spelling = last < 0 ? tokens : tokens.subarray(0, last);
  return Array.from(spelling, (token) => vocabulary[token] ?? '?').join(join);
}

/** UTF-8 bytes that the tokens of each row add to the text of its first one. */
export function bytesAfterFirst(references: TokenReferences): Int32Array {
  return Int32Array.from(references.lengths, (_, row) => {
    const tokens = tokensOf(references, row);
    return bytesOf(textOf(references, tokens)) - bytesOf(textOf(references, tokens.subarray(0, 1)));
  });
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
