import { AssayError } from '../../core/errors.ts';
import { suggest } from '../../core/suggest.ts';
import type { Metric } from '../metric.ts';
import type { TaskKind } from '../predictions.ts';
import { classificationMetrics } from './classification-metrics.ts';
import { generationMetrics } from './generation-metrics.ts';
import { regressionMetrics } from './regression-metrics.ts';

const registry: { readonly [Kind in TaskKind]: readonly Metric<Kind>[] } = {
  regression: regressionMetrics,
  classification: classificationMetrics,
  generation: generationMetrics,
};

/** The metric of a task by its id. Throws an AssayError with the nearest id where there is none. */
export function metricById<Kind extends TaskKind>(id: string, task: Kind): Metric<Kind> {
  const known: readonly Metric<Kind>[] = registry[task];
  const found = known.find((metric) => metric.id === id);
  if (found !== undefined) return found;
  const ids = known.map((metric) => metric.id);
  throw new AssayError('usage-invalid', `Unknown ${task} metric "${id}". ${suggest(id, ids)}`);
}
