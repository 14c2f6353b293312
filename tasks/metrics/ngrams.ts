/** Numbers tokens from 0 in the order they are first seen. */
export type Numbering<Token> = (tokens: readonly Token[]) => Int32Array;

/** A numbering of its own: use one for the texts that are compared and forget it, so that memory stays with one segment. */
export function createNumbering<Token>(): Numbering<Token> {
  const known = new Map<Token, number>();
  return (tokens) => {
    const ids = new Int32Array(tokens.length);
    for (const [index, token] of tokens.entries()) {
      let id = known.get(token);
      if (id === undefined) known.set(token, (id = known.size));
      ids[index] = id;
    }
    return ids;
  };
}

/**
 * How many n-grams of a text, for n from 1 to `maxOrder`, are in the references: each counts at most as often as in the
 * reference that has it most often. Tokens come from one numbering.
 */
export function clippedMatches(
  text: Int32Array,
  references: readonly Int32Array[],
  maxOrder: number,
): number[] {
  const vocabulary =
    1 + [text, ...references].reduce((highest, ids) => ids.reduce((a, b) => Math.max(a, b), highest), -1);
  let grams: Grams = { texts: [text, ...references], distinct: vocabulary };
  const matches = [matchesOf(grams)];
  for (let order = 2; order <= maxOrder; order++) {
    grams = extended(grams, { tokens: [text, ...references], order, vocabulary });
    matches.push(matchesOf(grams));
  }
  return matches;
}

/** Number of the n-gram that starts at each place of each text; the first text is the one that is scored. */
interface Grams {
  texts: readonly Int32Array[];
  distinct: number;
}

interface Extension {
  tokens: readonly Int32Array[];
  order: number;
  vocabulary: number;
}

/** Numbers n-grams from the numbers of their first n - 1 tokens and of the last: exact, without joining strings. */
function extended({ texts }: Grams, { tokens, order, vocabulary }: Extension): Grams {
  const known = new Map<number, number>();
  const longer = texts.map((grams, which) => {
    const ids = new Int32Array(Math.max(0, grams.length - 1));
    for (let start = 0; start < ids.length; start++) {
      const key = grams[start]! * vocabulary + tokens[which]![start + order - 1]!;
      let id = known.get(key);
      if (id === undefined) known.set(key, (id = known.size));
      ids[start] = id;
    }
    return ids;
  });
  return { texts: longer, distinct: known.size };
}

function matchesOf({ texts, distinct }: Grams): number {
  const [text = new Int32Array(), ...references] = texts;
  const allowed = new Int32Array(distinct);
  for (const reference of references) {
    const counts = countsOf(reference, distinct);
    for (let gram = 0; gram < distinct; gram++) allowed[gram] = Math.max(allowed[gram]!, counts[gram]!);
  }
  let matches = 0;
  for (let i = 0; i < text.length; i++)
    if (allowed[text[i]!]! > 0) {
      allowed[text[i]!]!--;
      matches++;
    }
  return matches;
}

function countsOf(grams: Int32Array, distinct: number): Int32Array {
  const counts = new Int32Array(distinct);
  for (let i = 0; i < grams.length; i++) counts[grams[i]!]!++;
  return counts;
}
