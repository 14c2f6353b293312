import { expect, test } from 'vitest';
import {
  drawSentences,
  longestSentence,
  nestedClausesEntropy,
  nestedClauseWords,
} from '../../datasets/nested-clauses.ts';

const sentences = [...drawSentences(20_000, 5)];

test('The mean surprise of drawn sentences tends to the entropy in closed form', () => {
  const nats = sentences.map(({ floorNats }) => floorNats);
  const mean = nats.reduce((sum, one) => sum + one, 0) / nats.length;
  const deviation = Math.sqrt(nats.reduce((sum, one) => sum + (one - mean) ** 2, 0) / nats.length);
  const standardError = deviation / Math.sqrt(nats.length);
  expect(Math.abs(mean - nestedClausesEntropy())).toBeLessThan(3 * standardError);
});

test('Sentences that share a form turn up as often as their probability says', () => {
  const two = sentences.filter(({ text }) => text.startsWith('<start> today the '));
  // today 0.5, then "the" 0.5 in either number.
  expect(two.length / sentences.length).toBeCloseTo(0.25, 1);
  const surprise = sentences.map(({ text, floorNats }) => [text, floorNats] as const);
  expect(new Map(surprise).size).toBe(
    new Set(surprise.map(([text, nats]) => `${text} ${nats.toFixed(9)}`)).size,
  );
});

test('One sentence has the probability that its draws multiply to', () => {
  const one = sentences.find(({ text }) => /^<start> today the \w+ that the \w+ ,/.test(text));
  if (one === undefined) throw new Error('no such sentence in 20,000');
  const plurals = one.text
    .split(' ')
    .filter((word, index) => (index === 3 || index === 6) && word.endsWith('s')).length;
  const draws = [
    0.5,
    0.35,
    0.5,
    0.5,
    0.5,
    0.5,
    ...[0.6, 0.6].map((share, index) => (index < plurals ? 0.4 : share)),
  ];
  const nouns = Math.log(24) + Math.log(23);
  expect(one.floorNats).toBeCloseTo(nouns - draws.reduce((sum, share) => sum + Math.log(share), 0), 10);
});

test('The words after the comma follow from the words before it', () => {
  const endings = new Map<string, string>();
  for (const { text, promptWords } of sentences) {
    const words = text.split(' ');
    const [prompt, ending] = [words.slice(0, promptWords).join(' '), words.slice(promptWords).join(' ')];
    expect(prompt.endsWith(' ,')).toBe(true);
    expect(endings.get(prompt) ?? ending).toBe(ending);
    endings.set(prompt, ending);
  }
});

const verbs: Record<string, string> = {
  dog: 'bark',
  cat: 'purr',
  lion: 'roar',
  bear: 'growl',
  frog: 'jump',
  hound: 'howl',
  baker: 'cook',
  painter: 'paint',
  sailor: 'sail',
  flower: 'bloom',
  boat: 'float',
  guest: 'laugh',
  pupil: 'listen',
  nurse: 'rest',
};

test.each([
  ['today', (outer: string, inner: string) => `${inner}s ${outer}`],
  ['yesterday', (outer: string, inner: string) => `${inner}ed ${outer}ed`],
  ['tomorrow', (outer: string, inner: string) => `will ${inner} will ${outer}`],
])('After %s, verbs close the clauses in reverse order and agree in number and tense', (adverb, ending) => {
  const form = new RegExp(
    `^<start> ${adverb} (?:some|many) (\\w+)s that (?:a|every) (\\w+) , (.*) \\. <end>$`,
  );
  const known = sentences
    .map(({ text }) => form.exec(text) ?? [])
    .map(([, outer = '', inner = '', rest = '']) => [verbs[outer], verbs[inner], rest] as const)
    .filter(([outer, inner]) => outer !== undefined && inner !== undefined);
  expect(known.length).toBeGreaterThan(0);
  for (const [outer = '', inner = '', rest] of known) expect(rest).toBe(ending(outer, inner));
});

test('Every sentence fits the vocabulary and the longest length', () => {
  const words = new Set(nestedClauseWords);
  expect(words.size).toBe(nestedClauseWords.length);
  const lengths = sentences.map(({ text }) => {
    const split = text.split(' ');
    expect(split.every((word) => words.has(word))).toBe(true);
    return split.length;
  });
  expect(Math.max(...lengths)).toBeLessThanOrEqual(longestSentence);
});
