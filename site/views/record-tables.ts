import type {
  CellRecord,
  Flips,
  GroupRecord,
  LatencyComparison,
  MetricValue,
  QualityComparison,
  Variant,
} from '../../results/schema.ts';
import { figureText } from './comparison-table.ts';
import { column, textCell, type DataCell, type DataTable } from './data-table.ts';
import {
  clip,
  decimalsFor,
  decimalsForTimes,
  formatBytes,
  formatNumber,
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

/** Every metric of a cell, with its oracle; null where the cell was not measured. */
export function cellMetricsTable({ outcome }: CellRecord): DataTable | null {
  if (outcome.status !== 'measured') return null;
  return {
    caption: 'Metrics',
    columns: [
      column('Value', 'with its interval'),
      column('Direction'),
      column('Interval made by'),
      column('Equal to'),
    ],
    rows: outcome.metrics.map((metric) => ({ name: nameOf(metric), path: null, cells: metricCells(metric) })),
  };
}

function nameOf({ label, unit }: Pick<MetricValue, 'label' | 'unit'>): string {
  return unit === '' ? clip(label, 60) : `${clip(label, 60)}, ${clip(unit, 20)}`;
}

function metricCells(metric: MetricValue): DataCell[] {
  const { value, interval, oracle, direction } = metric;
  const decimals = value === null ? 0 : decimalsFor([{ value, interval }]);
  const method =
    interval === null ? 'none' : `${formatPercent(interval.level, 3)}, ${clip(interval.method, 80)}`;
  const figure = { ...figureText(metric, decimals), mark: null };
  return [figure, textCell(directionHint(direction)), textCell(method), textCell(clip(oracle, 80))];
}

/** How a variant came to be; null for one without passes. */
export function passesTable({ passes }: Variant): DataTable | null {
  if (passes.length === 0) return null;
  return {
    caption: 'Passes, in order',
    columns: [column('Settings'), column('What it did')],
    rows: passes.map(({ pass, parameters, summary }) => ({
      name: clip(pass, 60),
      path: null,
      cells: [textCell(settings(parameters)), textCell(clip(summary, 300))],
    })),
  };
}

function settings(parameters: Variant['passes'][number]['parameters']): string {
  const entries = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  return entries.length === 0 ? 'none' : clip(entries.join(', '), 200);
}

/** `152 kB (139 kB gzip), 12 hex of its hash`, as far as it is known. */
export function variantSize({ sizeBytes, gzipBytes }: Variant): string {
  if (sizeBytes === null) return 'not built';
  return gzipBytes === null
    ? formatBytes(sizeBytes)
    : `${formatBytes(sizeBytes)}, ${formatBytes(gzipBytes)} gzipped`;
}

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
      column('Why'),
      column('p'),
      column('Processes', 'pairs'),
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
  const detectable = latency.minimumDetectableEffect;
  return [
    { value: formatTimes(value, decimals), range, mark: latency.verdict },
    textCell(clip(latency.reason, 300)),
    textCell(latency.p < 0.0001 ? '< 0.0001' : formatSignificant(latency.p, 2)),
    textCell(formatNumber(latency.processes, 0), `${formatNumber(latency.pairs, 0)} pairs`),
    detectable === null ? textCell('–', 'noise could not be estimated') : textCell(formatPercent(detectable)),
  ];
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
    ],
    rows: rows.map(({ name, judged }) => ({ name: clip(name, 60), path: null, cells: qualityCells(judged) })),
  };
}

function qualityCells(judged: QualityComparison): DataCell[] {
  const { baseline, variant, difference, interval, margin, verdict, reason, neededSamples, direction } =
    judged;
  const decimals = decimalsFor([{ value: difference, interval }]);
  const range = interval === null ? null : formatSignedRange(interval, decimals);
  return [
    textCell(nameOf(judged), directionHint(direction)),
    textCell(formatNumber(baseline, decimals)),
    textCell(formatNumber(variant, decimals)),
    { value: formatSigned(difference, decimals), range, mark: verdict },
    textCell(formatSignificant(margin)),
    textCell(clip(reason, 300)),
    textCell(neededSamples === null ? '–' : formatNumber(neededSamples, 0)),
  ];
}

/** How many predictions changed; null where the task has no right and wrong. */
export function flipsTable({ variants }: GroupRecord): DataTable | null {
  const rows = variants.flatMap(({ variant, flips }) =>
    flips === null ? [] : [{ name: variant.name, flips }],
  );
  if (rows.length === 0) return null;
  return {
    caption: 'Predictions that changed against the baseline',
    columns: [column('Right to wrong'), column('Wrong to right'), column('Alike'), column('Samples')],
    rows: rows.map(({ name, flips }) => ({ name: clip(name, 60), path: null, cells: flipCells(flips) })),
  };
}

function flipCells({ rightToWrong, wrongToRight, agreement, samples }: Flips): DataCell[] {
  const texts = [formatNumber(rightToWrong, 0), formatNumber(wrongToRight, 0), formatPercent(agreement, 4)];
  return [...texts, formatNumber(samples, 0)].map((text) => textCell(text));
}

/** Size, lineage and state of each variant of a group. */
export function variantsTable({ variants }: GroupRecord): DataTable {
  const scale = timeScale(
    variants.flatMap(({ timed }) => (timed.status === 'measured' ? [timed.profile.p50Ms] : [])),
  );
  return {
    caption: 'Variants',
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
