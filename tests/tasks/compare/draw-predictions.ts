import { createRandom, type Random } from '../../../core/random.ts';
import type {
  ClassificationPredictions,
  GenerationPredictions,
  MultilabelPredictions,
  RankingPredictions,
  RegressionPredictions,
  TaggingPredictions,
} from '../../../tasks/predictions.ts';

/** How many samples to draw, and how far the outputs are from those of `noise: 0`; expected values are the same for each. */
interface Draw {
  samples: number;
  noise: number;
  seed?: number;
}

/** Noise that leaves the stream of the rest alone. */
const apart = (seed: number): Random => createRandom(seed + 1000);

const idsOf = (samples: number): string[] => Array.from({ length: samples }, (_, index) => `s${index}`);

/** Classes drawn at random and predicted with about three in four right. */
export function drawClasses({
  samples,
  noise,
  seed = 1,
  classes = 3,
}: Draw & { classes?: number }): ClassificationPredictions & { probabilities: Float64Array } {
  const [random, other] = [createRandom(seed), apart(seed)];
  const expected = Int32Array.from({ length: samples }, () => random.below(classes));
  const rows = Array.from(expected, (label) => {
    const scores = Array.from({ length: classes }, (_, index) =>
      Math.exp((index === label ? 2 : 0) + 1.2 * random.normal() + noise * other.normal()),
    );
    const sum = scores.reduce((total, score) => total + score, 0);
    return scores.map((score) => score / sum);
  });
  return {
    kind: 'classification',
    ids: idsOf(samples),
    labels: Array.from({ length: classes }, (_, index) => `class ${index}`),
    expected,
    predicted: Int32Array.from(rows, (row) => row.indexOf(Math.max(...row))),
    probabilities: Float64Array.from(rows.flat()),
  };
}

/** Sets of three labels, each of which applies to two in five samples and is predicted with about two in three right. */
export function drawSets({ samples, noise, seed = 1 }: Draw): MultilabelPredictions {
  const [random, other] = [createRandom(seed), apart(seed)];
  const expected = Uint8Array.from({ length: 3 * samples }, () => Number(random.next() < 0.4));
  const scores = Float64Array.from(
    expected,
    (flag) => flag - 0.5 + random.normal() + 2 * noise * other.normal(),
  );
  return {
    kind: 'multilabel',
    ids: idsOf(samples),
    labels: ['red', 'green', 'blue'],
    expected,
    predicted: Uint8Array.from(scores, (score) => Number(score > 0)),
    scores,
  };
}

/** Five candidates a query, each with one chance in three to be relevant and then scored higher by about one deviation. */
export function drawRankings({ samples, noise, seed = 1 }: Draw): RankingPredictions {
  const [random, other] = [createRandom(seed), apart(seed)];
  const gains = Float64Array.from({ length: 5 * samples }, () => Number(random.next() < 1 / 3));
  return {
    kind: 'ranking',
    ids: idsOf(samples),
    offsets: Int32Array.from({ length: samples + 1 }, (_, query) => 5 * query),
    scores: gains.map((gain) => gain + random.normal() + 2 * noise * other.normal()),
    gains,
  };
}

const tags = ['O', 'B-PER', 'I-PER', 'B-LOC'];

/** Four to eight tags a sentence with one in six wrong; `noise` is the chance of a sentence to lose its first tag to O. */
export function drawTags({ samples, noise, seed = 1 }: Draw): TaggingPredictions {
  const [random, other] = [createRandom(seed), apart(seed)];
  const tag = (): string => tags[random.below(tags.length)] ?? '';
  const expected = Array.from({ length: samples }, () => Array.from({ length: 4 + random.below(5) }, tag));
  const predicted = expected.map((row) => {
    const found = row.map((right) => (random.next() < 1 / 6 ? tag() : right));
    return other.next() < noise ? ['O', ...found.slice(1)] : found;
  });
  return { kind: 'tagging', ids: idsOf(samples), expected, predicted };
}

/** Values of about 10 ± 2 predicted with an error of about 1. */
export function drawValues({ samples, noise, seed = 1 }: Draw): RegressionPredictions {
  const [random, other] = [createRandom(seed), apart(seed)];
  const expected = Float64Array.from({ length: samples }, () => 10 + 2 * random.normal());
  const predicted = expected.map((value) => value + random.normal() + noise * other.normal());
  return { kind: 'regression', ids: idsOf(samples), expected, predicted };
}

const words = 'the a cat dog runs sleeps over under old grey fence house and sees it'.split(' ');

/** Sentences with about one word in five wrong; `noise` is the share of sentences that lose a word. */
export function drawTexts({ samples, noise, seed = 1 }: Draw): GenerationPredictions {
  const [random, other] = [createRandom(seed), apart(seed)];
  const word = (): string => words[random.below(words.length)] ?? '';
  const sentences = Array.from({ length: samples }, () => Array.from({ length: 6 + random.below(6) }, word));
  const generated = sentences.map((sentence) =>
    sentence.map((right) => (random.next() < 0.2 ? word() : right)),
  );
  const tokens = Int32Array.from(sentences, ({ length }) => length);
  return {
    kind: 'generation',
    ids: idsOf(samples),
    negativeLogLikelihood: Float64Array.from(tokens, (count) => {
      const loss = 1 + 0.3 * random.normal() ** 2;
      return count * (loss + noise * Math.abs(other.normal()));
    }),
    tokens,
    utf8Bytes: Int32Array.from(sentences, (sentence) => sentence.join(' ').length),
    floorNegativeLogLikelihood: null,
    generated: generated.map((sentence) => sentence.slice(other.next() < noise ? 1 : 0).join(' ')),
    references: sentences.map((sentence) => sentence.join(' ')),
  };
}
