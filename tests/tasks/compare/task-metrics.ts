import type { Metric } from '../../../tasks/metric.ts';
import { metricById, metricIds } from '../../../tasks/metrics/registry.ts';
import type { TaskKind } from '../../../core/task-kind.ts';

/** Every plain metric of a task; those with a number in their id are left out. */
export function taskMetricIds(kind: TaskKind): string[] {
  return metricIds(kind).filter((id) => !id.includes('@'));
}

/** A metric typed for predictions of any task, as comparisons take it. */
export function taskMetric(id: string, kind: TaskKind): Metric {
  return metricById(id, kind);
}
