import type { MetricValue } from './quality-schema.ts';
import type { CellRecord } from './schema.ts';

type Measured = Pick<CellRecord, 'outcome'>;

/** The metrics that the baseline has a value of and the variant none, each with its reason. */
export function lostMetrics(baseline: Measured | undefined, variant: Measured | undefined): MetricValue[] {
  const before = new Map(metricsOf(baseline).map(({ id, value }) => [id, value]));
  return metricsOf(variant).filter(({ id, value }) => value === null && (before.get(id) ?? null) !== null);
}

function metricsOf(cell: Measured | undefined): readonly MetricValue[] {
  return cell?.outcome.status === 'measured' ? cell.outcome.metrics : [];
}
