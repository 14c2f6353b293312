import { clippedMatches, createNumbering } from './ngrams.ts';

/** n-grams, the longest common subsequence, or that of each sentence (lines are sentences). */
export type RougeType = 1 | 2 | 'l' | 'lsum';

/**
 * F1 of what text and reference share, each; the best over several references (Lin 2004; rouge-score 0.1.2 without stemmer).
 * Words are runs of a to z and 0 to 9, lower-cased: text in other scripts has none and scores 0.
 */
export function rouge(
  texts: readonly string[],
  references: readonly (readonly string[])[],
  type: RougeType,
): Float64Array {
  return Float64Array.from(texts, (text, index) =>
    references[index]!.reduce((best, reference) => Math.max(best, rougeOfPair(text, reference, type)), 0),
  );
}

/** The words ROUGE sees in a text. */
export function rougeWords(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

function rougeOfPair(text: string, reference: string, type: RougeType): number {
  if (type === 'lsum') return summaryF1(text, reference);
  const number = createNumbering<string>();
  const [words, target] = [number(rougeWords(text)), number(rougeWords(reference))];
  if (type === 'l') return f1(commonLength(words, target), words.length, target.length);
  const matches = clippedMatches(words, [target], type)[type - 1]!;
  return f1(matches, words.length - type + 1, target.length - type + 1);
}

function f1(shared: number, textLength: number, referenceLength: number): number {
  if (shared === 0) return 0;
  const [precision, recall] = [shared / textLength, shared / referenceLength];
  return (2 * precision * recall) / (precision + recall);
}

/** Length of the longest common subsequence, in one row of memory. */
function commonLength(text: Int32Array, reference: Int32Array): number {
  const row = new Int32Array(text.length + 1);
  for (let place = 0; place < reference.length; place++) {
    let diagonal = 0;
    for (let column = 1; column < row.length; column++) {
      const above = row[column]!;
      row[column] = text[column - 1] === reference[place] ? diagonal + 1 : Math.max(above, row[column - 1]!);
      diagonal = above;
    }
  }
  return row.at(-1)!;
}

/** Words of each reference sentence that are in a longest common subsequence with any sentence of the text, each once. */
function summaryF1(text: string, reference: string): number {
  const number = createNumbering<string>();
  const [sentences, targets] = [text, reference].map((part) =>
    part.split('\n').map((line) => number(rougeWords(line))),
  );
  const inText = countsOf(sentences!);
  const inReference = countsOf(targets!);
  let hits = 0;
  for (const target of targets!)
    for (const place of unionOfCommon(target, sentences!)) {
      const word = target[place]!;
      const [left, right] = [inText.get(word) ?? 0, inReference.get(word) ?? 0];
      if (left === 0 || right === 0) continue;
      hits++;
      inText.set(word, left - 1);
      inReference.set(word, right - 1);
    }
  return f1(hits, totalLength(sentences!), totalLength(targets!));
}

function unionOfCommon(target: Int32Array, sentences: readonly Int32Array[]): number[] {
  const places = new Set(sentences.flatMap((sentence) => commonPlaces(target, sentence)));
  return [...places].sort((a, b) => a - b);
}

/** Places in the target of one longest common subsequence: of two ways back, the one along the target goes first. */
function commonPlaces(target: Int32Array, sentence: Int32Array): number[] {
  const width = sentence.length + 1;
  const table = commonTable(target, sentence);
  const places: number[] = [];
  let [row, column] = [target.length, sentence.length];
  while (row > 0 && column > 0) {
    if (target[row - 1] === sentence[column - 1]) {
      places.push(--row);
      column--;
    } else if (table[row * width + column - 1]! > table[(row - 1) * width + column]!) column--;
    else row--;
  }
  return places;
}

function commonTable(target: Int32Array, sentence: Int32Array): Int32Array {
  const width = sentence.length + 1;
  const table = new Int32Array((target.length + 1) * width);
  for (let row = 1; row <= target.length; row++)
    for (let column = 1; column < width; column++) {
      const cell = row * width + column;
      table[cell] =
        target[row - 1] === sentence[column - 1]
          ? table[cell - width - 1]! + 1
          : Math.max(table[cell - width]!, table[cell - 1]!);
    }
  return table;
}

function countsOf(sentences: readonly Int32Array[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const sentence of sentences)
    for (const word of sentence) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function totalLength(sentences: readonly Int32Array[]): number {
  return sentences.reduce((sum, { length }) => sum + length, 0);
}
