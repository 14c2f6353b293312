import { type BinaryScores, positiveWeight } from './binary-scores.ts';

/** Scores of labels: row-major [samples, labels], how likely each is. */
interface Scores {
  labels: number;
  scores: Float64Array;
  sampleWeights?: Float64Array | undefined;
}

/** Any number of labels apply to a sample: row-major [samples, labels], 1 where one does and else 0. */
interface SetScores extends Scores {
  flags: Uint8Array;
}

/** Each sample has one label of these. */
export interface ClassScores extends Scores {
  expected: Int32Array;
}

type LabelScores = SetScores | ClassScores;

type BinaryScore = (given: BinaryScores) => number;

/** A binary score of each label against the rest, averaged as scikit-learn's `average` has it. */
export function overLabels(
  given: LabelScores,
  score: BinaryScore,
  average: 'macro' | 'weighted' | 'micro' | 'samples',
): number {
  if (average === 'micro') return score(allLabels(withFlags(given)));
  if (average === 'samples') return overSamples(withFlags(given), score);
  const labels = Array.from({ length: given.labels }, (_, label) => label);
  if (average === 'macro') return mean(labels.map((label) => score(columnOf(given, label))));
  return weightedMean(
    labels.map((label) => ({
      weight: positiveWeight(columnOf(given, label)),
      score: () => score(columnOf(given, label)),
    })),
  );
}

/**
 * Mean over pairs of classes of how well each is told from the other (scikit-learn `roc_auc_score(multi_class="ovo")`, Hand &
 * Till 2001); `weighted` by the share of samples in the pair. Classes without a sample take no part; NaN below two.
 */
export function overPairs(given: ClassScores, score: BinaryScore, average: 'macro' | 'weighted'): number {
  const counts = classSizes(given);
  const present = Array.from(counts.keys()).filter((label) => counts[label]! > 0);
  const pairs = present.flatMap((a, index) => present.slice(index + 1).map((b) => [a, b] as const));
  const scores = pairs.map(([a, b]) => (score(pairOf(given, a, b)) + score(pairOf(given, b, a))) / 2);
  if (average === 'macro') return mean(scores);
  return weightedMean(
    pairs.map(([a, b], index) => ({ weight: counts[a]! + counts[b]!, score: () => scores[index]! })),
  );
}

function classSizes({ expected, labels }: ClassScores): Int32Array {
  const sizes = new Int32Array(labels);
  for (let sample = 0; sample < expected.length; sample++) sizes[expected[sample]!]!++;
  return sizes;
}

/** The samples of two classes, scored by how likely the first is. */
function pairOf({ expected, scores, labels }: ClassScores, positive: number, negative: number): BinaryScores {
  return { expected, positive, negative, scores, column: { at: positive, of: labels } };
}

function columnOf(given: LabelScores, label: number): BinaryScores {
  const { labels, scores, sampleWeights } = given;
  const cells = { scores, column: { at: label, of: labels }, sampleWeights };
  return 'flags' in given
    ? { ...cells, isPositive: given.flags }
    : { ...cells, expected: given.expected, positive: label };
}

function withFlags(given: LabelScores): SetScores {
  if ('flags' in given) return given;
  const { expected, labels, scores, sampleWeights } = given;
  const flags = new Uint8Array(scores.length);
  for (let sample = 0; sample < expected.length; sample++) flags[sample * labels + expected[sample]!] = 1;
  return { labels, flags, scores, sampleWeights };
}

/** The cells of all labels as one question. */
function allLabels({ labels, flags, scores, sampleWeights }: SetScores): BinaryScores {
  const weights = sampleWeights && new Float64Array(scores.length);
  for (let cell = 0; weights !== undefined && cell < weights.length; cell++)
    weights[cell] = sampleWeights![Math.floor(cell / labels)]!;
  return { isPositive: flags, scores, sampleWeights: weights };
}

function overSamples({ labels, flags, scores, sampleWeights }: SetScores, score: BinaryScore): number {
  let [sum, total] = [0, 0];
  for (let sample = 0; sample < scores.length / labels; sample++) {
    const weight = sampleWeights === undefined ? 1 : sampleWeights[sample]!;
    if (weight === 0) continue;
    const [start, end] = [sample * labels, (sample + 1) * labels];
    sum += weight * score({ isPositive: flags.subarray(start, end), scores: scores.subarray(start, end) });
    total += weight;
  }
  return sum / total;
}

/** A part without weight is not scored: it may have no score. 0 where nothing has weight. */
function weightedMean(parts: readonly { weight: number; score: () => number }[]): number {
  const weighty = parts.filter(({ weight }) => weight > 0);
  const total = weighty.reduce((sum, { weight }) => sum + weight, 0);
  return total === 0 ? 0 : weighty.reduce((sum, { weight, score }) => sum + weight * score(), 0) / total;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
