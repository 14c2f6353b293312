import { createRandom, type Random } from '../core/random.ts';

/**
 * A probabilistic grammar of centre-embedded English: `today the cat that some tired dogs , bark purrs .`
 *
 * Adverb and noun phrases are drawn; from the comma on everything follows from them. Every noun has one verb, verbs close
 * the clauses in reverse order, and each agrees with its noun in number and with the adverb in tense. Every draw shows
 * in the words, so the derivation of a sentence is unique and its probability is the product of its draws.
 */

type Weighted<Value> = readonly (readonly [value: Value, probability: number])[];
type Tense = 'present' | 'past' | 'future';
type GrammaticalNumber = 'singular' | 'plural';

/** A sentence, how many of its words are drawn rather than determined, and -ln of its probability in nats. */
export interface Sentence {
  text: string;
  promptWords: number;
  floorNats: number;
}

/** Noun and the verb that belongs to it; both are regular, so their forms follow. */
const lexicon = [
  ['dog', 'bark'],
  ['cat', 'purr'],
  ['lion', 'roar'],
  ['bear', 'growl'],
  ['frog', 'jump'],
  ['hound', 'howl'],
  ['baker', 'cook'],
  ['painter', 'paint'],
  ['sailor', 'sail'],
  ['flower', 'bloom'],
  ['boat', 'float'],
  ['guest', 'laugh'],
  ['pupil', 'listen'],
  ['teacher', 'talk'],
  ['worker', 'work'],
  ['player', 'play'],
  ['climber', 'climb'],
  ['snail', 'crawl'],
  ['cloud', 'drift'],
  ['lamp', 'glow'],
  ['hiker', 'wander'],
  ['clown', 'shout'],
  ['candle', 'melt'],
  ['nurse', 'rest'],
] as const;

const adverbs: Weighted<readonly [string, Tense]> = [
  [['today', 'present'], 0.5],
  [['yesterday', 'past'], 0.3],
  [['tomorrow', 'future'], 0.2],
];
/** Never 1: so few sentences have one clause that test sentences would turn up in training. */
const depths: Weighted<number> = [
  [2, 0.35],
  [3, 0.35],
  [4, 0.2],
  [5, 0.1],
];
const numbers: Weighted<GrammaticalNumber> = [
  ['singular', 0.6],
  ['plural', 0.4],
];
const determiners: Record<GrammaticalNumber, Weighted<string>> = {
  singular: [
    ['the', 0.5],
    ['a', 0.3],
    ['every', 0.2],
  ],
  plural: [
    ['the', 0.5],
    ['some', 0.3],
    ['many', 0.2],
  ],
};
const adjectiveCounts: Weighted<number> = [
  [0, 0.5],
  [1, 0.35],
  [2, 0.15],
];
/** By rank, as Zipf's law has it: the k-th is drawn with probability in proportion to 1/k. */
const adjectives = zipf(
  'small big young quiet brave happy tired clever famous gentle wild strange proud lazy curious bright'.split(
    ' ',
  ),
);

/** ln of the number of ordered choices of so many different nouns, all equally likely. */
const lnArrangements = [...lexicon.keys()].reduce(
  (sums, taken) => [...sums, (sums.at(-1) ?? 0) + Math.log(lexicon.length - taken)],
  [0],
);

/** Ends a sentence; it also tells a greedy decoder to stop. */
const endWord = '<end>';

/** Every word of the grammar; the first is the padding. */
export const nestedClauseWords: readonly string[] = [
  ...['<pad>', '<start>', endWord, ',', '.', 'that', 'will'],
  ...adverbs.map(([[word]]) => word),
  ...new Set(Object.values(determiners).flatMap((choices) => choices.map(([word]) => word))),
  ...adjectives.map(([word]) => word),
  ...lexicon.flatMap(([noun]) => [noun, `${noun}s`]),
  ...lexicon.flatMap(([, verb]) => [verb, `${verb}s`, `${verb}ed`]),
];

/** Words of the longest sentence there is. */
export const longestSentence = longest();

/** Entropy of one sentence in nats, in closed form: what the mean of `floorNats` tends to. */
export function nestedClausesEntropy(): number {
  const phrase =
    entropy(numbers) +
    determinerEntropy() +
    mean(adjectiveCounts) * entropy(adjectives) +
    entropy(adjectiveCounts);
  const byDepth = depths.map(
    ([depth, probability]) => probability * (depth * phrase + (lnArrangements[depth] ?? Number.NaN)),
  );
  return entropy(adverbs) + entropy(depths) + byDepth.reduce((sum, term) => sum + term, 0);
}

/** Independent sentences of the grammar, the same for the same seed. */
export function* drawSentences(count: number, seed: number): Generator<Sentence, void> {
  const random = createRandom(seed);
  for (let drawn = 0; drawn < count; drawn++) yield drawSentence(random);
}

/** A choice made with a probability, which it adds to the sentence's surprise. */
type Draw = <Value>(choices: Weighted<Value>) => Value;

function drawSentence(random: Random): Sentence {
  let floorNats = 0;
  const draw: Draw = (choices) => {
    const [value, probability] = pick(choices, random.next());
    floorNats -= Math.log(probability);
    return value;
  };
  const [adverb, tense] = draw(adverbs);
  const depth = draw(depths);
  const nouns = random.shuffle(lexicon).slice(0, depth);
  const phrases = nouns.map(([noun, verb]) => ({ ...drawPhrase(noun, draw), verb }));
  const subject = phrases.flatMap(({ words }, index) => (index === 0 ? words : ['that', ...words]));
  const prompt = ['<start>', adverb, ...subject, ','];
  const verbs = phrases.toReversed().flatMap(({ verb, number }) => verbWords(verb, number, tense));
  const text = [...prompt, ...verbs, '.', endWord].join(' ');
  return { text, promptWords: prompt.length, floorNats: floorNats + (lnArrangements[depth] ?? Number.NaN) };
}

function drawPhrase(noun: string, draw: Draw): { words: string[]; number: GrammaticalNumber } {
  const number = draw(numbers);
  const determiner = draw(determiners[number]);
  const described = Array.from({ length: draw(adjectiveCounts) }, () => draw(adjectives));
  return { words: [determiner, ...described, number === 'plural' ? `${noun}s` : noun], number };
}

function verbWords(verb: string, number: GrammaticalNumber, tense: Tense): string[] {
  if (tense === 'future') return ['will', verb];
  if (tense === 'past') return [`${verb}ed`];
  return [number === 'singular' ? `${verb}s` : verb];
}

function pick<Value>(choices: Weighted<Value>, uniform: number): readonly [Value, number] {
  let left = uniform;
  const chosen = choices.find(([, probability]) => (left -= probability) < 0);
  return chosen ?? (choices.at(-1) as readonly [Value, number]);
}

function zipf(words: readonly string[]): Weighted<string> {
  const total = words.reduce((sum, _, index) => sum + 1 / (index + 1), 0);
  return words.map((word, index) => [word, 1 / (index + 1) / total]);
}

function entropy(choices: Weighted<unknown>): number {
  return choices.reduce((sum, [, probability]) => sum - probability * Math.log(probability), 0);
}

function determinerEntropy(): number {
  return numbers.reduce((sum, [number, probability]) => sum + probability * entropy(determiners[number]), 0);
}

function mean(choices: Weighted<number>): number {
  return choices.reduce((sum, [value, probability]) => sum + value * probability, 0);
}

function longest(): number {
  const depth = Math.max(...depths.map(([value]) => value));
  const phrase = 2 + Math.max(...adjectiveCounts.map(([value]) => value));
  return ['<start>', 'adverb', ',', '.', endWord].length + depth * phrase + (depth - 1) + 2 * depth;
}
