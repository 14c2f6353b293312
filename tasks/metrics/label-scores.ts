import type { BinaryScores } from './roc.ts';

/** Scores of several labels, any number of which apply to a sample. */
export interface LabelScores {
  labels: number;
  /** Row-major [samples, labels], 1 where the label applies and else 0. */
  flags: Uint8Array;
  /** Row-major [samples, labels]: how likely the label is. */
  scores: Float64Array;
  sampleWeights?: Float64Array | undefined;
}

type BinaryScore = (given: BinaryScores) => number;

/** A binary score of each label against the rest, averaged as scikit-learn's `average` has it. */
export function overLabels(
  given: LabelScores,
  score: BinaryScore,
  average: 'macro' | 'weighted' | 'micro' | 'samples',
): number {
  if (average === 'micro') return score(allLabels(given));
  if (average === 'samples') return overSamples(given, score);
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
  const scores = pairs.map(
    ([a, b]) => (score(pairOf(given, counts, [a, b])) + score(pairOf(given, counts, [b, a]))) / 2,
  );
  if (average === 'macro') return mean(scores);
  return weightedMean(
    pairs.map(([a, b], index) => ({ weight: counts[a]! + counts[b]!, score: () => scores[index]! })),
  );
}

/** Scores of classes, one of which each sample has. */
export interface ClassScores {
  expected: Int32Array;
  scores: Float64Array;
  labels: number;
}

function classSizes({ expected, labels }: ClassScores): Int32Array {
  const sizes = new Int32Array(labels);
  for (let sample = 0; sample < expected.length; sample++) sizes[expected[sample]!]!++;
  return sizes;
}

/** The samples of two classes, scored by how likely the first is. */
function pairOf(
  { expected, scores, labels }: ClassScores,
  sizes: Int32Array,
  [positive, negative]: readonly [number, number],
): BinaryScores {
  const size = sizes[positive]! + sizes[negative]!;
  const pair = { isPositive: new Uint8Array(size), scores: new Float64Array(size) };
  for (let sample = 0, count = 0; sample < expected.length; sample++) {
    const label = expected[sample]!;
    if (label !== positive && label !== negative) continue;
    pair.isPositive[count] = Number(label === positive);
    pair.scores[count] = scores[sample * labels + positive]!;
    count++;
  }
  return pair;
}

/** The flags of classes, one of which each sample has. */
export function oneHot({ expected, labels }: Pick<ClassScores, 'expected' | 'labels'>): Uint8Array {
  const flags = new Uint8Array(expected.length * labels);
  for (let sample = 0; sample < expected.length; sample++) flags[sample * labels + expected[sample]!] = 1;
  return flags;
}

function columnOf({ labels, flags, scores, sampleWeights }: LabelScores, label: number): BinaryScores {
  const samples = scores.length / labels;
  const column = { isPositive: new Uint8Array(samples), scores: new Float64Array(samples), sampleWeights };
  for (let sample = 0, cell = label; sample < samples; sample++, cell += labels) {
    column.isPositive[sample] = flags[cell]!;
    column.scores[sample] = scores[cell]!;
  }
  return column;
}

/** The cells of all labels as one question. */
function allLabels({ labels, flags, scores, sampleWeights }: LabelScores): BinaryScores {
  const weights = sampleWeights && new Float64Array(scores.length);
  for (let cell = 0; weights !== undefined && cell < weights.length; cell++)
    weights[cell] = sampleWeights![Math.floor(cell / labels)]!;
  return { isPositive: flags, scores, sampleWeights: weights };
}

function overSamples({ labels, flags, scores, sampleWeights }: LabelScores, score: BinaryScore): number {
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

function positiveWeight({ isPositive, sampleWeights }: BinaryScores): number {
  let sum = 0;
  for (let sample = 0; sample < isPositive.length; sample++)
    if (isPositive[sample] === 1) sum += sampleWeights === undefined ? 1 : sampleWeights[sample]!;
  return sum;
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
