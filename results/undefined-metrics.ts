import type { MetricValue } from './quality-schema.ts';
import type { CellRecord } from './schema.ts';

/** The metrics that a measured cell has no value of, each with its reason. */
export function undefinedMetrics(cell: Pick<CellRecord, 'outcome'> | undefined): MetricValue[] {
  if (cell?.outcome.status !== 'measured') return [];
  return cell.outcome.metrics.filter(({ value }) => value === null);
}
