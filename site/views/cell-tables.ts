import type { MetricValue } from '../../results/quality-schema.ts';
import type { CellRecord, Variant } from '../../results/schema.ts';
import { figureText } from './comparison-table.ts';
import { column, textCell, type DataCell, type DataTable } from './data-table.ts';
import { clip, decimalsFor, formatBytes, formatPercent } from './format.ts';
import { directionHint } from './suite-tables.ts';

/** Every metric of a cell, with its oracle and the signature that this writes; null where the cell was not measured. */
export function cellMetricsTable({ outcome }: CellRecord): DataTable | null {
  if (outcome.status !== 'measured') return null;
  return {
    caption: 'Metrics',
    columns: [
      column('Value', 'with its interval'),
      column('Direction'),
      column('Interval made by'),
      column('Equal to', 'with its signature'),
    ],
    rows: outcome.metrics.map((metric) => ({
      name: metricName(metric),
      path: null,
      cells: metricCells(metric),
    })),
  };
}

/** `RMSE, mpg`. */
export function metricName({ label, unit }: Pick<MetricValue, 'label' | 'unit'>): string {
  return unit === '' ? clip(label, 60) : `${clip(label, 60)}, ${clip(unit, 20)}`;
}

function metricCells(metric: MetricValue): DataCell[] {
  const { value, interval, oracle, signature, direction } = metric;
  const decimals = value === null ? 0 : decimalsFor([{ value, interval }]);
  const method =
    interval === null ? 'none' : `${formatPercent(interval.level, 3)}, ${clip(interval.method, 80)}`;
  const figure = { ...figureText(metric, decimals), mark: null };
  const equal = textCell(clip(oracle, 80), signature && clip(signature, 120));
  return [figure, textCell(directionHint(direction)), textCell(method), equal];
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
  const entries = Object.entries(parameters).map(([name, value]) => `${name} ${String(value)}`);
  return entries.length === 0 ? 'none' : clip(entries.join(', '), 200);
}

/** `152 kB, 139 kB gzipped`, as far as it is known. */
export function variantSize({ sizeBytes, gzipBytes }: Variant): string {
  if (sizeBytes === null) return 'not built';
  return gzipBytes === null
    ? formatBytes(sizeBytes)
    : `${formatBytes(sizeBytes)}, ${formatBytes(gzipBytes)} gzipped`;
}
