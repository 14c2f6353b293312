import type { LatencyComparison } from '../../results/latency-schema.ts';
import type { Flips, QualityComparison } from '../../results/quality-schema.ts';
import type { GroupRecord, Variant } from '../../results/schema.ts';
import { metricName, variantSize } from './cell-tables.ts';
import { column, textCell, type DataCell, type DataTable } from './data-table.ts';
import {
  clip,
  decimalsOfComparison,
  decimalsForTimes,
  formatNumber,
  formatP,
  formatPercent,
  formatRange,
  formatSigned,
  formatSignedRange,
  formatSignificant,
  formatTimes,
  timeScale,
} from './format.ts';
import { speedUpOf } from './standings.ts';
import { directionHint } from './suite-tables.ts';

/** The speed of each variant against the baseline, and of the baseline against itself. */
export function speedTable({ variants, control }: GroupRecord): DataTable | null {
  const judged = variants.flatMap(({ variant, latency }) =>
    latency === null ? [] : [{ name: variant.name, latency }],
  );
  const rows = [
    ...judged,
    ...(control === null ? [] : [{ name: 'control: baseline against itself', latency: control }]),
  ];
  if (rows.length === 0) return null;
  const decimals = decimalsForTimes(rows.map(({ latency }) => speedUpOf(latency)));
  return {
    caption: 'Speed against the baseline',
    columns: [
      column('Speed-up', '↑ higher is better'),
      column('By CPU time', '↑ higher is better'),
      column('Why'),
      column('p'),
      column('Processes', 'pairs'),
      column('Noise between processes'),
      column('Smallest slowdown it would show'),
    ],
    rows: rows.map(({ name, latency }) => ({
      name: clip(name, 60),
      path: null,
      cells: speedCells(latency, decimals),
    })),
  };
}

function speedCells(latency: LatencyComparison, decimals: number): DataCell[] {
  const { value, interval } = speedUpOf(latency);
  const range = interval === null ? null : formatRange(interval, decimals);
  const { cpuRatio, minimumDetectableEffect: detectable } = latency;
  return [
    { value: formatTimes(value, decimals), range, mark: latency.verdict },
    cpuRatio === null ? textCell('–', 'not measured') : textCell(formatTimes(1 / cpuRatio, decimals)),
    textCell(clip(latency.reason, 300)),
    textCell(formatP(latency.p)),
    textCell(formatNumber(latency.processes, 0), `${formatNumber(latency.pairs, 0)} pairs`),
    latency.noise === null ? textCell('–', 'not recorded') : textCell(formatPercent(latency.noise)),
    detectable === null ? textCell('–', whyNoneIsKnown(latency)) : textCell(formatPercent(detectable)),
  ];
}

function whyNoneIsKnown({ noise, processes }: LatencyComparison): string {
  if (noise === null) return 'noise could not be estimated';
  return noise === 0 ? 'no noise was seen' : `${formatNumber(processes, 0)} processes are too few to decide`;
}

/** Every judged metric of every variant. */
export function qualityTable({ variants }: GroupRecord): DataTable | null {
  const rows = variants.flatMap(({ variant, quality }) =>
    quality.map((judged) => ({ name: variant.name, judged })),
  );
  if (rows.length === 0) return null;
  return {
    caption: 'Quality against the baseline, on the same samples',
    columns: [
      column('Metric'),
      column('Baseline'),
      column('Variant'),
      column('Difference'),
      column('Margin'),
      column('Why'),
      column('Samples needed', 'to decide'),
      column('p', 'if as good as the baseline'),
      column('Mid-p', 'of McNemar’s test'),
    ],
    rows: rows.map(({ name, judged }) => ({ name: clip(name, 60), path: null, cells: qualityCells(judged) })),
  };
}

function qualityCells(judged: QualityComparison): DataCell[] {
  const { baseline, variant, difference, interval, margin, verdict, reason, neededSamples, direction } =
    judged;
  const decimals = decimalsOfComparison(judged);
  const range = interval === null ? null : formatSignedRange(interval, decimals);
  return [
    textCell(metricName(judged), directionHint(direction)),
    textCell(formatNumber(baseline, decimals)),
    textCell(formatNumber(variant, decimals)),
    { value: formatSigned(difference, decimals), range, mark: verdict },
    textCell(formatSignificant(margin)),
    textCell(clip(reason, 300)),
    textCell(neededSamples === null ? '–' : formatNumber(neededSamples, 0)),
    ...equalityCells(judged.equality),
  ];
}

const testNames = {
  mcnemar: 'McNemar, exact',
  'sign-flip': 'flipped signs',
  'student-t': 'Student’s t',
  delong: 'DeLong',
  'approximate-randomization': 'approximate randomization',
} as const satisfies Record<NonNullable<QualityComparison['equality']>['name'], string>;

function equalityCells(equality: QualityComparison['equality']): DataCell[] {
  if (equality === null) return [textCell('–', 'not tested'), textCell('–')];
  const { name, p, midP } = equality;
  return [textCell(formatP(p), testNames[name]), textCell(midP === null ? '–' : formatP(midP))];
}

/** How many predictions changed; null where the task has no right and wrong. */
export function flipsTable({ variants }: GroupRecord): DataTable | null {
  const rows = variants.flatMap(({ variant, flips }) =>
    flips === null ? [] : [{ name: variant.name, flips }],
  );
  if (rows.length === 0) return null;
  return {
    caption: 'Predictions that changed against the baseline',
    columns: [
      column('Right to wrong', 'and which'),
      column('Wrong to right', 'and which'),
      column('Alike'),
      column('Samples'),
    ],
    rows: rows.map(({ name, flips }) => ({ name: clip(name, 60), path: null, cells: flipCells(flips) })),
  };
}

/** The judged metric on each slice of the samples, worst first; null where the suite names no slices. */
export function slicesTable({ variants }: GroupRecord): DataTable | null {
  const rows = variants.flatMap(({ variant, slices }) =>
    slices.map((slice) => ({ name: variant.name, ...slice })),
  );
  if (rows.length === 0) return null;
  return {
    caption: 'Quality by slice of the samples, worst first',
    columns: [
      column('Slice'),
      column('Samples'),
      column('Baseline'),
      column('Variant'),
      column('Difference'),
    ],
    rows: rows.map(({ name, slice, samples, comparison }) => ({
      name: clip(name, 60),
      path: null,
      cells: [textCell(clip(slice, 60)), textCell(formatNumber(samples, 0)), ...sliceCells(comparison)],
    })),
  };
}

function sliceCells(comparison: QualityComparison | null): DataCell[] {
  if (comparison === null) return [textCell('–'), textCell('–'), textCell('–', 'undefined on this slice')];
  const { baseline, variant, difference, interval, verdict } = comparison;
  const decimals = decimalsOfComparison(comparison);
  const range = interval === null ? null : formatSignedRange(interval, decimals);
  return [
    textCell(formatNumber(baseline, decimals)),
    textCell(formatNumber(variant, decimals)),
    { value: formatSigned(difference, decimals), range, mark: verdict },
  ];
}

function flipCells({ agreement, samples, ...flips }: Flips): DataCell[] {
  return [
    textCell(formatNumber(flips.rightToWrong, 0), sampleNames(flips.rightToWrongIds)),
    textCell(formatNumber(flips.wrongToRight, 0), sampleNames(flips.wrongToRightIds)),
    textCell(formatPercent(agreement, 4)),
    textCell(formatNumber(samples, 0)),
  ];
}

/** All that are stored stand in the record; the page names the first. */
function sampleNames(ids: readonly string[]): string | null {
  return ids.length === 0 ? null : clip(ids.join(', '), 120);
}

/** Size, lineage and state of each variant of a group. */
export function variantsTable({ variants }: GroupRecord): DataTable {
  const scale = timeScale(
    variants.flatMap(({ timed }) => (timed.status === 'measured' ? [timed.profile.p50Ms] : [])),
  );
  return {
    caption: 'As they ran',
    columns: [
      column('Passes'),
      column('Size'),
      column('Median latency', scale.unit),
      column('Outcome'),
      column('SHA-256'),
    ],
    rows: variants.map(({ variant, timed }) => ({
      name: clip(variant.name, 60),
      path: null,
      cells: [
        textCell(passNames(variant)),
        textCell(variantSize(variant)),
        textCell(timed.status === 'measured' ? formatSignificant(timed.profile.p50Ms * scale.perMs) : '–'),
        textCell(timed.status, timed.status === 'measured' ? null : clip(timed.reason, 200)),
        textCell(variant.sha256 === null ? 'never built' : variant.sha256.slice(0, 12)),
      ],
    })),
  };
}

function passNames({ passes, isBaseline }: Variant): string {
  if (isBaseline) return 'none: the model as it came';
  return clip(passes.map(({ pass }) => pass).join(', ') || 'none recorded', 200);
}
