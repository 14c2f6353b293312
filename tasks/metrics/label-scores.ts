import type { BinaryScores } from './roc.ts';
import { sumOf } from './sum.ts';

/** Scores of several labels: column `label` of row-major [samples, labels] says how likely it is. */
export interface LabelScores {
  samples: number;
  labels: number;
  isPositive: (sample: number, label: number) => boolean;
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
  const columns = Array.from({ length: given.labels }, (_, label) => columnOf(given, label));
  if (average === 'macro') return mean(columns.map(score));
  return weightedMean(
    columns.map((column) => ({ weight: positiveWeight(column), score: () => score(column) })),
  );
}

/**
 * Mean over pairs of classes of how well each is told from the other (scikit-learn `roc_auc_score(multi_class="ovo")`, Hand &
 * Till 2001); `weighted` by the share of samples in the pair. Classes without a sample take no part; NaN below two.
 */
export function overPairs(
  given: LabelScores & { expected: Int32Array },
  score: BinaryScore,
  average: 'macro' | 'weighted',
): number {
  const counts = new Float64Array(given.labels);
  for (const label of given.expected) counts[label]!++;
  const present = Array.from(counts.keys()).filter((label) => counts[label]! > 0);
  const pairs = present.flatMap((a, index) => present.slice(index + 1).map((b) => [a, b] as const));
  const scores = pairs.map(
    ([a, b]) => (pairScore(given, score, [a, b]) + pairScore(given, score, [b, a])) / 2,
  );
  if (average === 'macro') return mean(scores);
  return weightedMean(
    pairs.map(([a, b], index) => ({ weight: counts[a]! + counts[b]!, score: () => scores[index]! })),
  );
}

function pairScore(
  { expected, labels, scores }: LabelScores & { expected: Int32Array },
  score: BinaryScore,
  [positive, negative]: readonly [number, number],
): number {
  const rows = Int32Array.from(expected.keys()).filter(
    (row) => expected[row] === positive || expected[row] === negative,
  );
  return score({
    isPositive: Uint8Array.from(rows, (row) => (expected[row] === positive ? 1 : 0)),
    scores: Float64Array.from(rows, (row) => scores[row * labels + positive]!),
  });
}

function columnOf(
  { samples, labels, isPositive, scores, sampleWeights }: LabelScores,
  label: number,
): BinaryScores {
  const column = { isPositive: new Uint8Array(samples), scores: new Float64Array(samples), sampleWeights };
  for (let sample = 0; sample < samples; sample++) {
    column.isPositive[sample] = isPositive(sample, label) ? 1 : 0;
    column.scores[sample] = scores[sample * labels + label]!;
  }
  return column;
}

function allLabels(given: LabelScores): BinaryScores {
  const { labels, scores, sampleWeights } = given;
  const spread =
    sampleWeights && Float64Array.from(scores, (_, cell) => sampleWeights[Math.floor(cell / labels)]!);
  return { isPositive: positivesOf(given), scores, sampleWeights: spread };
}

function overSamples(given: LabelScores, score: BinaryScore): number {
  const { samples, labels, scores, sampleWeights } = given;
  const isPositive = positivesOf(given);
  const rows = Array.from({ length: samples }, (_, sample) => ({
    weight: sampleWeights?.[sample] ?? 1,
    score: () =>
      score({
        isPositive: isPositive.subarray(sample * labels, (sample + 1) * labels),
        scores: scores.subarray(sample * labels, (sample + 1) * labels),
      }),
  }));
  return weightedMean(rows);
}

function positivesOf({ samples, labels, isPositive }: LabelScores): Uint8Array {
  const positives = new Uint8Array(samples * labels);
  for (let sample = 0; sample < samples; sample++)
    for (let label = 0; label < labels; label++)
      positives[sample * labels + label] = isPositive(sample, label) ? 1 : 0;
  return positives;
}

function positiveWeight({ isPositive, sampleWeights }: BinaryScores): number {
  return sumOf(Float64Array.from(isPositive, (flag, sample) => flag * (sampleWeights?.[sample] ?? 1)));
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
