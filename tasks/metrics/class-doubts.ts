import type { Ids } from '../../core/ids.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import { classCounts, type ConfusionMatrix } from './confusion.ts';
import { namedSamples } from './named-samples.ts';
import { hasOutside } from './scan.ts';
import { sumOf } from './sum.ts';
import { divisionInWords, type ZeroDivision } from './zero-division.ts';

/** Of fewer samples than this each one decides a score. */
export const few = 3;

/** Names the labels that have samples, but so few that each of them decides the score; `samples` are the numbers of them. */
export function fewDoubts(
  labels: readonly string[],
  samples: ArrayLike<number>,
  relation: 'of' | 'without' = 'of',
): string[] {
  const isRare = (label: number): boolean => samples[label]! > 0 && samples[label]! < few;
  const named = namedSamples(labels, isRare, 'label');
  return named === null
    ? []
    : [`fewer than ${few} samples are ${relation} ${named}, and each of them decides the figure`];
}

/** As `fewDoubts`, of a score that two labels share alike; with more labels one that is rare decides little. */
export function rareDoubts({ labels }: ClassificationPredictions, { samples }: ConfusionMatrix): string[] {
  return labels.length === 2 ? fewDoubts(labels, samples) : [];
}

interface Scored {
  names: Ids;
  noun: 'label' | 'sample';
  /** Which take part; all where absent. */
  present?: readonly number[];
  zeroDivision?: ZeroDivision;
}

/** Names the labels, or samples, that take part and whose score is NaN for a denominator of 0. */
export function divisionDoubts(
  { names, noun, present, zeroDivision = '0' }: Scored,
  scores: Float64Array,
): string[] {
  if (!hasOutside(scores, -Infinity, Infinity)) return [];
  const takesPart = present && new Set(present);
  const isDivided = (index: number): boolean =>
    Number.isNaN(scores[index]) && (takesPart?.has(index) ?? true);
  const named = namedSamples(names, isDivided, noun);
  return named === null
    ? []
    : [`the score of ${named} has a denominator of 0 and ${divisionInWords(zeroDivision)}`];
}

/** Names the labels that are predicted and never expected. */
export function absentDoubts({ labels }: ClassificationPredictions, confusion: ConfusionMatrix): string[] {
  const { expected } = classCounts(confusion);
  const named = confusion.present
    .filter((label) => expected[label] === 0)
    .map((label) => `"${labels[label]!}"`);
  return named.length === 0 ? [] : [`${named.join(', ')} is predicted and never expected, and takes no part`];
}

/** Says what it means that (nearly) all weight is on one label: what is left of a figure then is what rounding leaves. */
export function constantDoubts(confusion: ConfusionMatrix, meaning: string): string[] {
  const { expected, predicted } = classCounts(confusion);
  const constant = [
    ...(largestShare(expected) > nearlyAll ? ['expected'] : []),
    ...(largestShare(predicted) > nearlyAll ? ['predicted'] : []),
  ];
  if (constant.length === 0) return [];
  return [`(nearly) all weight is on one ${constant.join(' and one ')} label: ${meaning}`];
}

const nearlyAll = 1 - 1e-6;

function largestShare(counts: Float64Array): number {
  return Math.max(...counts) / sumOf(counts);
}
