import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createRandom, type Random } from '../../core/random.ts';
import type { Predictions } from '../../tasks/predictions.ts';

/** How many rows each data set has. */
export interface Sizes {
  rows: number;
  segments: number;
  terSegments: number;
}

/** Predictions of every kind, each drawn when it is asked for and from one seed, and written for the Python side to read. */
export function dataSets(folder: string, sizes: Sizes): Record<string, () => Predictions> {
  const random = createRandom(1);
  const write = createWriter(folder);
  const lines =
    (name: string) =>
    (content: unknown): void => {
      writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(content));
    };
  const named =
    (set: string): Write =>
    (name, values) => {
      write(`${set}-${name}`, values);
    };
  return {
    regression: () => regression(random, sizes.rows, write),
    binary: () => classification(random, [sizes.rows, 2], named('binary')),
    classes: () => classification(random, [sizes.rows, 4], named('classes')),
    multilabel: () => multilabel(random, sizes.rows, named('multilabel')),
    // scikit-learn takes a millisecond a sample.
    'multilabel-samples': () => multilabel(random, sizes.rows / 1000, named('multilabel-samples')),
    ranking: () => ranking(random, sizes.rows, write),
    likelihood: () => likelihood(random, sizes.rows, write),
    texts: () => texts(random, sizes.segments, lines('texts')),
    ter: () => texts(random, sizes.terSegments, lines('ter')),
    tagging: () => tagging(random, sizes.rows / 20, lines('tagging')),
  };
}

type Write = (name: string, values: Float64Array | Int32Array | Uint8Array) => void;

function createWriter(folder: string): Write {
  return (name, values) => {
    const suffix = values instanceof Float64Array ? 'f8' : values instanceof Int32Array ? 'i4' : 'u1';
    writeFileSync(path.join(folder, `${name}.${suffix}`), values);
  };
}

function idsOf(count: number): string[] {
  return Array.from({ length: count }, (_, sample) => String(sample));
}

function regression(random: Random, rows: number, write: Write): Predictions {
  const expected = Float64Array.from({ length: rows }, () => 10 * random.next());
  const predicted = expected.map((value) => Math.abs(value + random.normal()));
  write('regression-expected', expected);
  write('regression-predicted', predicted);
  return { kind: 'regression', ids: idsOf(rows), expected, predicted };
}

function classification(random: Random, [rows, classes]: [number, number], write: Write): Predictions {
  const expected = new Int32Array(rows);
  const predicted = new Int32Array(rows);
  const probabilities = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const odds = Array.from({ length: classes }, () => Math.exp(2 * random.normal()));
    const sum = odds.reduce((a, b) => a + b);
    probabilities.set(
      odds.map((value) => value / sum),
      row * classes,
    );
    predicted[row] = odds.indexOf(Math.max(...odds));
    expected[row] = drawIndex(random, odds, sum);
  }
  write('expected', expected);
  write('predicted', predicted);
  write('probabilities', probabilities);
  const labels = Array.from({ length: classes }, (_, label) => `label ${label}`);
  return { kind: 'classification', ids: idsOf(rows), labels, expected, predicted, probabilities };
}

function drawIndex(random: Random, odds: readonly number[], sum: number): number {
  let rest = random.next() * sum;
  return Math.max(
    0,
    odds.findIndex((value) => (rest -= value) < 0),
  );
}

function multilabel(random: Random, rows: number, write: Write): Predictions {
  const cells = rows * 4;
  const scores = Float64Array.from({ length: cells }, () => random.normal());
  const expected = Uint8Array.from(scores, (score) => (score + random.normal() > 0.5 ? 1 : 0));
  mixRows(expected);
  const predicted = Uint8Array.from(scores, (score) => (score > 0.3 ? 1 : 0));
  write('scores', scores);
  write('expected', expected);
  write('predicted', predicted);
  return { kind: 'multilabel', ids: idsOf(rows), labels: ['a', 'b', 'c', 'd'], expected, predicted, scores };
}

/** Flips a label of each sample of which all apply or none: within those there is nothing to rank. */
function mixRows(expected: Uint8Array): void {
  for (let start = 0; start < expected.length; start += 4) {
    const row = expected.subarray(start, start + 4);
    if (row.every((flag) => flag === row[0])) row[(start / 4) % 4] = 1 - (row[0] ?? 0);
  }
}

function ranking(random: Random, rows: number, write: Write): Predictions {
  const queries = rows / 10;
  const scores = Float64Array.from({ length: rows }, () => Math.fround(random.normal()));
  const gains = Float64Array.from(scores, (score) =>
    random.next() < 0.2 + 0.05 * score ? 1 + random.below(3) : 0,
  );
  write('ranking-scores', scores);
  write('ranking-gains', gains);
  const offsets = Int32Array.from({ length: queries + 1 }, (_, query) => query * 10);
  return { kind: 'ranking', ids: idsOf(queries), offsets, scores, gains };
}

function likelihood(random: Random, rows: number, write: Write): Predictions {
  const tokens = Int32Array.from({ length: rows }, () => 1 + random.below(50));
  const negativeLogLikelihood = Float64Array.from(tokens, (count) => count * 3 * random.next());
  const floorNegativeLogLikelihood = negativeLogLikelihood.map((loss) => loss * random.next());
  const utf8Bytes = tokens.map((count) => count * 4);
  write('likelihood-loss', negativeLogLikelihood);
  write('likelihood-floor', floorNegativeLogLikelihood);
  write('likelihood-tokens', tokens);
  write('likelihood-bytes', utf8Bytes);
  const none: string[] = [];
  return {
    kind: 'generation',
    ids: idsOf(rows),
    negativeLogLikelihood,
    tokens,
    utf8Bytes,
    floorNegativeLogLikelihood,
    generated: none,
    references: none,
  };
}

interface Lines {
  generated: string[];
  references: string[];
}

function texts(random: Random, segments: number, write: (lines: Lines) => void): Predictions {
  const references = Array.from({ length: segments }, () => sentence(random));
  const generated = references.map((line) => edited(random, line));
  write({ generated, references });
  const nothing = { negativeLogLikelihood: new Float64Array(segments), tokens: new Int32Array(segments) };
  return {
    kind: 'generation',
    ids: idsOf(segments),
    ...nothing,
    floorNegativeLogLikelihood: null,
    generated,
    references,
  };
}

/** About 22 words of a vocabulary of 20,000 in which the n-th word is about n times rarer than the first. */
function sentence(random: Random): string {
  const words = Array.from({ length: 12 + random.below(20) }, () =>
    wordOf(Math.floor(20_000 ** random.next())),
  );
  return `${words.join(' ').replace(/ (\w+)$/, ', $1')}.`;
}

function wordOf(rank: number): string {
  const letters = 'etaoinshrdlucmfwypvbgkqjxz';
  let [word, rest] = ['', rank * 7919 + 31];
  for (; rest > 0; rest = Math.floor(rest / 26)) word += letters.charAt(rest % 26);
  return word;
}

function edited(random: Random, line: string): string {
  const words = line.split(' ');
  for (let change = 0; change < 5; change++) {
    const place = random.below(words.length);
    const kind = random.below(3);
    if (kind === 0) words[place] = wordOf(Math.floor(20_000 ** random.next()));
    else if (kind === 1) words.splice(place, 1);
    else words.splice(random.below(words.length), 0, ...words.splice(place, 2));
  }
  return words.join(' ');
}

function tagging(
  random: Random,
  sequences: number,
  write: (rows: { expected: string[][]; predicted: string[][] }) => void,
): Predictions {
  const tags = ['O', 'O', 'O', 'O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC', 'B-ORG', 'I-ORG'];
  const draw = (): string => tags[random.below(tags.length)] ?? 'O';
  const expected = Array.from({ length: sequences }, () => Array.from({ length: 20 }, draw));
  const predicted = expected.map((row) => row.map((tag) => (random.next() < 0.1 ? draw() : tag)));
  write({ expected, predicted });
  return { kind: 'tagging', ids: idsOf(sequences), expected, predicted };
}
