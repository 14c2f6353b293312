import type { Margin } from '../../results/policy.ts';
import type { Aim, Candidate, Served } from '../../runners/optimize/choose.ts';
import type { Found } from '../../runners/optimize/find-best.ts';
import type { Comparison } from '../../tasks/compare/comparison.ts';
import {
  decimalsOfComparison,
  formatChange,
  formatCount,
  formatNumber,
  formatTime,
  formatTimes,
} from '../../site/views/format.ts';
import { speedUpOf } from '../../site/views/standings.ts';
import { bytesOf, formatUnmade } from './optimized.ts';
import { formatTable } from './table.ts';

const headings = ['variant', 'in float32', 'quality', 'change', '', 'latency', 'speed-up', 'size', ''];

interface Asked {
  model: string;
  aim: Aim;
  maxDrop: Margin;
  /** Of the same for programs. */
  record: string;
}

/** Every candidate, and what was chosen and why. */
export function formatFound(found: Found, asked: Asked): string {
  const first = found.candidates.find(({ comparison }) => comparison !== null)?.comparison;
  const judged =
    first == null ? '' : `, judged by ${first.label.toLowerCase()} (${first.direction.replaceAll('-', ' ')})`;
  const rows = found.candidates.map((candidate) => rowOf(candidate, found));
  return [
    `Variants of ${asked.model}${judged}; at most ${describe(asked.maxDrop)} may be lost\n`,
    formatTable(headings, [baselineRow(found, first ?? null), ...rows]),
    found.pareto.length > 0 ? `Pareto: no other one is better in ${weighed[asked.aim]}, by estimates.\n` : '',
    formatLeftOut(found.candidates),
    formatUnjudged(found),
    `\n${conclusion(found, asked.aim)}\n`,
    formatFiles(found, asked.record),
  ].join('');
}

const weighed: Readonly<Record<Aim, string>> = {
  latency: 'quality, latency and size',
  size: 'quality and size',
};

function describe(margin: Margin): string {
  if (margin.kind === 'relative') return `${formatNumber(margin.value * 100, 2)} % of the baseline's`;
  return margin.kind === 'absolute' ? String(margin.value) : margin.kind;
}

function baselineRow({ baseline, pareto }: Found, comparison: Comparison | null): string[] {
  const { variant, time } = baseline;
  const quality =
    comparison === null ? '-' : formatNumber(comparison.baseline, decimalsOfComparison(comparison));
  const latency = time?.p50Ms == null ? '-' : formatTime(time.p50Ms);
  const mark = pareto.includes(variant.name) ? 'Pareto' : '';
  return [variant.name, 'all', quality, 'baseline', '', latency, '', bytesOf(variant.sizeBytes), mark];
}

function rowOf(candidate: Candidate, { pareto, chosen }: Found): string[] {
  const { variant, tried, comparison, time } = candidate;
  const marks = [
    ...(chosen === candidate ? ['chosen'] : []),
    ...(pareto.includes(variant.name) ? ['Pareto'] : []),
  ];
  return [
    variant.name,
    tried.leftOut.length === 0 ? '' : formatCount(tried.leftOut.length, 'layer'),
    comparison === null ? '-' : formatNumber(comparison.variant, decimalsOfComparison(comparison)),
    comparison === null ? 'undefined' : changeOf(comparison),
    comparison?.verdict ?? '',
    time?.p50Ms == null ? (time?.reason ?? '-') : formatTime(time.p50Ms),
    time?.latency == null ? '' : formatTimes(speedUpOf(time.latency).value),
    bytesOf(variant.sizeBytes),
    marks.join(', '),
  ];
}

function changeOf(comparison: Comparison): string {
  const { difference: value, interval } = comparison;
  return formatChange({ value, interval }, decimalsOfComparison(comparison));
}

/** Names of variants hold a hash of the layers they leave in float32 only. */
function formatLeftOut(candidates: readonly Candidate[]): string {
  const lines = candidates
    .filter(({ tried }) => tried.leftOut.length > 0)
    .map(({ tried, variant }) => `  ${variant.name}: ${tried.leftOut.join(', ')}\n`);
  return lines.length === 0 ? '' : `\nLeft in float32\n${lines.join('')}`;
}

function formatUnjudged({ unjudged }: Found): string {
  const lines = unjudged.map((one) => `  ${one.variant}: ${formatUnmade(one)}\n`);
  return lines.length === 0 ? '' : `\nNot tried\n${lines.join('')}`;
}

/** What was chosen, or why nothing was. */
export function conclusion(found: Found, aim: Aim): string {
  const { chosen } = found;
  if (chosen === null) return `No variant holds: ${whyNone(found)}`;
  const what = aim === 'size' ? 'smallest' : 'fastest';
  const speedUp = chosen.time?.latency == null ? null : speedUpOf(chosen.time.latency);
  const slow = (speedUp?.interval?.high ?? 1) < 1 ? ' It is slower than the baseline.' : '';
  const large = isLarger(chosen, found.baseline) ? ' Its file is larger than that of the baseline.' : '';
  return `${chosen.variant.name} is the ${what} whose loss is proven to be within what may be lost.${slow}${large}`;
}

function isLarger({ variant }: Served, baseline: Served): boolean {
  const [size, ofBaseline] = [variant.sizeBytes, baseline.variant.sizeBytes];
  return size !== null && ofBaseline !== null && size > ofBaseline;
}

function whyNone({ candidates, areSamplesTooFew }: Found): string {
  const comparisons = candidates.map(({ comparison }) => comparison);
  if (candidates.length === 0) return 'none could be tried.';
  if (comparisons.every((comparison) => comparison?.verdict === 'regressed'))
    return 'every candidate loses more than may be lost.';
  const needed = comparisons.flatMap((comparison) => comparison?.neededSamples ?? []);
  const decide =
    needed.length === 0
      ? 'fewer variants or a wider --max-drop may decide'
      : `some ${formatNumber(Math.min(...needed), 0)} further test samples would decide the nearest one; so may fewer variants, or a wider --max-drop`;
  return areSamplesTooFew
    ? `the test samples are too few to prove so small a loss even where no sample is lost, so no further layers were left in float32; ${decide}.`
    : `of no candidate is the loss proven to be within what may be lost; ${decide}.`;
}

function formatFiles({ files }: Found, record: string): string {
  return [...files.values(), record].map((file) => `Written: ${file}\n`).join('');
}

/** The same for programs. */
export function candidateData(found: Found): object {
  const { baseline, candidates, pareto, unjudged, chosen, files, areSamplesTooFew } = found;
  return {
    baseline: { ...baseline, isPareto: pareto.includes(baseline.variant.name) },
    candidates: candidates.map(({ variant, tried, comparison, time }) => {
      const { name } = variant;
      const file = files.get(name) ?? null;
      return { variant, leftOut: tried.leftOut, comparison, time, isPareto: pareto.includes(name), file };
    }),
    unjudged,
    areSamplesTooFew,
    chosen: chosen?.variant.name ?? null,
  };
}
