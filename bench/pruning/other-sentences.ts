import type { Samples } from '../../core/samples.ts';
import { drawSentences } from '../../datasets/nested-clauses.ts';

/** Sentences of the grammar drawn anew, laid out as those of a test split: 1,000 of them say little of a difference of a few. */
export function otherSentences(test: Samples, { count, seed }: { count: number; seed: number }): Samples {
  const { references } = test;
  if (references.kind !== 'tokens') throw new Error(`internal: ${references.kind} are no sentences`);
  const width = references.ids.length / references.lengths.length;
  const idOf = new Map(references.vocabulary.map((word, id) => [word, id]));
  const sentences = [...drawSentences(count, seed)];
  const words = sentences.map(({ text }) => text.split(' '));
  const ids = new Int32Array(count * width);
  for (const [row, one] of words.entries())
    ids.set(
      one.map((word) => idOf.get(word) ?? 0),
      row * width,
    );
  return {
    ...test,
    references: {
      ...references,
      ids,
      lengths: Int32Array.from(words, ({ length }) => length),
      promptLengths: Int32Array.from(sentences, ({ promptWords }) => promptWords),
      floorNegativeLogLikelihood: Float64Array.from(sentences, ({ floorNats }) => floorNats),
    },
  };
}
