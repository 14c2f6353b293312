import type { ClassificationPredictions } from './predictions.ts';

type Answers = Pick<ClassificationPredictions, 'expected' | 'predicted' | 'labels'>;

/** What each predicted label would have to stand for, with what becomes of the samples that this was not read from. */
export interface LabelOrder {
  /** By index: the expected label of each predicted one, or itself. */
  meanings: Int32Array;
  samples: number;
  /** Right as they are. */
  right: number;
  /** Right if each label stood for its meaning. */
  renamed: number;
}

/** With more of them a count of every pair takes more memory than predictions do. */
const mostLabels = 1000;
/** Standard deviations of a count beyond which more right answers are no luck. */
const deviations = 5;

/**
 * Another order of the labels by which predictions would be right far more often, or null: the label that each predicted one meets
 * most often among every other sample, tried on the rest. It has to beat answering the commonest label, and be right as often as not.
 * Null, too, where there are more than 1000 labels.
 */
export function otherLabelOrder(given: Answers): LabelOrder | null {
  if (given.labels.length > mostLabels) return null;
  const meanings = meaningsOf(given);
  const { samples, right, renamed, commonest } = tried(meanings, given);
  const base = Math.max(right, commonest);
  return renamed > base + marginOf(base, samples) && 2 * renamed >= samples
    ? { meanings, samples, right, renamed }
    : null;
}

/**
 * Of few samples deviations of a share as it is, where those of any share would ask for more than all of them, and no less than a quarter:
 * some renaming does a poor classifier good, too.
 */
function marginOf(base: number, samples: number): number {
  const ofShare = deviations * Math.sqrt(base * (1 - base / samples));
  return Math.min(deviations * Math.sqrt(samples), Math.max(ofShare, samples / 4));
}

/** By the samples at even places; a label keeps its own meaning where another is but as common. */
function meaningsOf({ expected, predicted, labels: { length: width } }: Answers): Int32Array {
  const counts = new Int32Array(width * width);
  for (let sample = 0; sample < expected.length; sample += 2) {
    const pair = (predicted[sample] ?? 0) * width + (expected[sample] ?? 0);
    counts[pair] = (counts[pair] ?? 0) + 1;
  }
  return Int32Array.from({ length: width }, (_, label) => {
    const met = counts.subarray(label * width, (label + 1) * width);
    const most = met.reduce((highest, count) => Math.max(highest, count), 0);
    return met[label] === most ? label : met.indexOf(most);
  });
}

/** By the samples at odd places. */
function tried(
  meanings: Int32Array,
  { expected, predicted }: Answers,
): Omit<LabelOrder, 'meanings'> & { commonest: number } {
  const wanted = new Int32Array(meanings.length);
  let [right, renamed] = [0, 0];
  for (let sample = 1; sample < expected.length; sample += 2) {
    const label = expected[sample] ?? 0;
    const answer = predicted[sample] ?? 0;
    wanted[label] = (wanted[label] ?? 0) + 1;
    right += Number(label === answer);
    renamed += Number(label === meanings[answer]);
  }
  return { samples: expected.length >> 1, right, renamed, commonest: Math.max(0, ...wanted) };
}
