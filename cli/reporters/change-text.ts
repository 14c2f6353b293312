import type { Flips } from '../../results/quality-schema.ts';
import type { GroupRecord } from '../../results/schema.ts';
import {
  clip,
  decimalsOfComparison,
  formatNumber,
  formatPercent,
  formatSigned,
  formatCount,
  formatDistance,
  formatDistanceRange,
} from '../../site/views/format.ts';
import { fewestInASlice } from '../../tasks/compare/compare-slices.ts';

export type JudgedVariant = GroupRecord['variants'][number];

/** Whether anything of a variant was held against its baseline's. */
export function isCompared({ quality, flips, distance, distanceReason }: JudgedVariant): boolean {
  return quality.length > 0 || flips !== null || distance !== null || distanceReason !== null;
}

/** `3 of 450 now wrong (12, 77, 203), 1 now right (9), 98.9 % alike`, with so many ids of each at most. */
export function flipsText(
  { rightToWrong, wrongToRight, agreement, samples, ...flips }: Flips,
  most: number,
): string {
  const wrong = `${formatNumber(rightToWrong, 0)} of ${formatNumber(samples, 0)} now wrong`;
  const right = `${formatNumber(wrongToRight, 0)} now right`;
  return [
    `${wrong}${idsText(flips.rightToWrongIds, rightToWrong, most)}`,
    `${right}${idsText(flips.wrongToRightIds, wrongToRight, most)}`,
    `${formatPercent(agreement, 3)} alike`,
  ].join(', ');
}

/** ` (12, 77, 4 more)` of so many samples; nothing of none. */
export function idsText(ids: readonly string[], count: number, most: number): string {
  if (count === 0) return '';
  const shown = ids.slice(0, most).map((id) => clip(id, 40));
  const more = count > shown.length ? `, ${formatNumber(count - shown.length, 0)} more` : '';
  return ` (${shown.join(', ')}${more})`;
}

/** How far outputs moved in a few words, or why that cannot be told; null where there is neither. */
export function distanceText({ distance, distanceReason }: JudgedVariant): string | null {
  if (distance === null)
    return distanceReason === null ? null : `distance unknown: ${withoutStop(distanceReason)}`;
  switch (distance.kind) {
    case 'regression':
      return gapText('values', distance.values);
    case 'classification':
      return `KL ${formatDistance(distance.klDivergence)} nats a sample`;
    case 'multilabel':
    case 'ranking':
      return gapText('scores', distance.scores);
    case 'tagging':
      return `${formatPercent(distance.changedTags, 3)} of tags changed`;
    case 'generation':
      return textsDistance(distance);
  }
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

function gapText(of: string, { mean, max }: { mean: number; max: number }, unit = ''): string {
  return `${of} moved by ${formatDistance(mean)}${unit} on average, ${formatDistance(max)} at most`;
}

type Distance = NonNullable<JudgedVariant['distance']>;

function textsDistance({
  lossPerToken,
  divergence,
  divergenceReason,
}: Extract<Distance, { kind: 'generation' }>): string {
  if (divergence === null)
    return `${gapText('the loss of a token', lossPerToken, ' nats')}, KL unknown: ${withoutStop(divergenceReason ?? '')}`;
  const { klDivergence, interval, sameLikeliest, positions, samples } = divergence;
  const range = interval === null ? '' : ` (${formatDistanceRange(klDivergence, interval)})`;
  const alike = `${formatPercent(sameLikeliest, 3)} the same likeliest token`;
  return `KL ${formatDistance(klDivergence)}${range} nats a token over ${formatCount(positions, 'token')} of ${formatCount(samples, 'sample')}, ${alike}`;
}

/**
 * The slice that lost most: `worst slice class 8: −0.023 (n=43), regressed`; null where none is judged. Of many slices of a sample or
 * two, the worst is so by chance: they are counted only.
 */
export function worstSliceText({ slices }: JudgedVariant): string | null {
  const small = slices.filter(({ samples }) => samples < fewestInASlice).length;
  const worst = slices.find(({ samples }) => samples >= fewestInASlice);
  const aside =
    small === 0 ? '' : `${formatCount(small, 'slice')} of fewer than ${fewestInASlice} samples left aside`;
  if (worst?.comparison == null) return aside === '' ? null : aside;
  const { slice, samples, comparison } = worst;
  const decimals = decimalsOfComparison(comparison);
  const change = formatSigned(comparison.difference, decimals);
  const told = `worst slice ${clip(slice, 40)}: ${change} (n=${formatNumber(samples, 0)}), ${comparison.verdict}`;
  return aside === '' ? told : `${told}; ${aside}`;
}
