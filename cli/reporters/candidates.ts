import type { Margin } from '../../results/policy.ts';
import type { Aim, Candidate } from '../../runners/optimize/choose.ts';
import type { Found } from '../../runners/optimize/find-best.ts';
import type { Comparison } from '../../tasks/compare/comparison.ts';
import {
  decimalsFor,
  formatBytes,
  formatCount,
  formatNumber,
  formatSigned,
  formatSignedRange,
  formatTime,
  formatTimes,
} from '../../site/views/format.ts';
import { speedUpOf } from '../../site/views/standings.ts';
import { formatTable } from './table.ts';

const headings = ['variant', 'in float32', 'quality', 'change', '', 'latency', 'speed-up', 'size', ''];

/** Every candidate, and what was chosen and why. */
export function formatFound(
  found: Found,
  { model, aim, maxDrop }: { model: string; aim: Aim; maxDrop: Margin },
): string {
  const first = found.candidates.find(({ comparison }) => comparison !== null)?.comparison;
  const judged =
    first == null ? '' : `, judged by ${first.label.toLowerCase()} (${first.direction.replaceAll('-', ' ')})`;
  const rows = found.candidates.map((candidate) => rowOf(candidate, found));
  return [
    `Variants of ${model}${judged}; at most ${describe(maxDrop)} may be lost\n`,
    formatTable(headings, [baselineRow(found, first ?? null), ...rows]),
    formatLeftOut(found.candidates),
    formatUnjudged(found),
    `\n${conclusion(found, aim)}\n`,
  ].join('');
}

function describe(margin: Margin): string {
  if (margin.kind === 'relative') return `${formatNumber(margin.value * 100, 2)} % of the baseline's`;
  return margin.kind === 'absolute' ? String(margin.value) : margin.kind;
}

function baselineRow({ baseline: { variant, time } }: Found, comparison: Comparison | null): string[] {
  const quality = comparison === null ? '-' : formatNumber(comparison.baseline, decimals(comparison));
  const latency = time?.p50Ms == null ? '-' : formatTime(time.p50Ms);
  return [variant.name, 'all', quality, 'baseline', '', latency, '', bytesOf(variant.sizeBytes), ''];
}

function rowOf(candidate: Candidate, { frontier, chosen }: Found): string[] {
  const { tried, comparison, time } = candidate;
  const marks = [
    ...(chosen?.candidate === candidate ? ['chosen'] : []),
    ...(frontier.includes(candidate) ? ['Pareto'] : []),
  ];
  return [
    tried.variant.name,
    tried.leftOut.length === 0 ? '' : formatCount(tried.leftOut.length, 'layer'),
    comparison === null ? '-' : formatNumber(comparison.variant, decimals(comparison)),
    comparison === null ? 'undefined' : changeOf(comparison),
    comparison?.verdict ?? '',
    time?.p50Ms == null ? (time?.reason ?? '-') : formatTime(time.p50Ms),
    time?.latency == null ? '' : formatTimes(speedUpOf(time.latency).value),
    bytesOf(tried.variant.sizeBytes),
    marks.join(', '),
  ];
}

function changeOf(comparison: Comparison): string {
  const { difference, interval } = comparison;
  const range = interval === null ? '' : ` (${formatSignedRange(interval, decimals(comparison))})`;
  return `${formatSigned(difference, decimals(comparison))}${range}`;
}

function decimals({ difference, interval }: Comparison): number {
  return decimalsFor([{ value: difference, interval }]);
}

function bytesOf(bytes: number | null): string {
  return bytes === null ? '-' : formatBytes(bytes);
}

/** Names of variants hold a hash of the layers they leave in float32 only. */
function formatLeftOut(candidates: readonly Candidate[]): string {
  const lines = candidates
    .filter(({ tried }) => tried.leftOut.length > 0)
    .map(({ tried }) => `  ${tried.variant.name}: ${tried.leftOut.join(', ')}\n`);
  return lines.length === 0 ? '' : `\nLeft in float32\n${lines.join('')}`;
}

function formatUnjudged({ unjudged }: Found): string {
  const lines = unjudged.map(
    ({ variant, status, reason }) => `  ${variant}: ${status.replace('-', ' ')}: ${reason}\n`,
  );
  return lines.length === 0 ? '' : `\nNot tried\n${lines.join('')}`;
}

function conclusion({ chosen, candidates }: Found, aim: Aim): string {
  if (chosen === null) {
    const isLost = candidates.every(({ comparison }) => comparison?.verdict === 'regressed');
    return isLost
      ? 'Nothing was written: every candidate loses more than may be lost.'
      : 'Nothing was written: of no candidate is the loss proven to be within what may be lost; more test samples would decide.';
  }
  const { tried, time } = chosen.candidate;
  const what = aim === 'size' ? 'smallest' : 'fastest';
  const speedUp = time?.latency == null ? null : speedUpOf(time.latency);
  const slow = (speedUp?.interval?.high ?? 1) < 1 ? ' It is slower than the baseline.' : '';
  return `Written: ${chosen.file}\n${tried.variant.name} is the ${what} whose loss is proven to be within what may be lost.${slow}`;
}

/** The same for programs. */
export function candidateData({ baseline, candidates, frontier, unjudged, chosen }: Found): object {
  return {
    baseline,
    candidates: candidates.map((candidate) => {
      const { tried, comparison, time } = candidate;
      const { variant, leftOut } = tried;
      return { variant, leftOut, comparison, time, isPareto: frontier.includes(candidate) };
    }),
    unjudged,
    chosen: chosen === null ? null : { variant: chosen.candidate.tried.variant.name, file: chosen.file },
  };
}
