import type { TaskKind } from '../../core/task-kind.ts';
import { AssayError } from '../../core/errors.ts';
import { suggest } from '../../core/suggest.ts';
import type { Metric } from '../metric.ts';
import { aucFamilies, aucMetrics } from './auc-metrics.ts';
import { classFamilies, classMetrics } from './class-metrics.ts';
import type { MetricFamily } from './family.ts';
import { likelihoodMetrics } from './likelihood-metrics.ts';
import { formatMetricId, parseMetricId, type MetricId } from './metric-id.ts';
import { configured } from './metric-options.ts';
import { multilabelFamilies, multilabelMetrics } from './multilabel-metrics.ts';
import { probabilityFamilies, probabilityMetrics } from './probability-metrics.ts';
import { rankingFamilies, rankingMetrics } from './ranking-metrics.ts';
import { regressionFamilies, regressionMetrics } from './regression-metrics.ts';
import { taggingMetrics } from './tagging-metrics.ts';
import { textMetrics } from './text-metrics.ts';

/** What can be asked of one kind of predictions. */
interface Shelf<Kind extends TaskKind> {
  metrics: readonly Metric<Kind>[];
  families: readonly MetricFamily<Kind>[];
}

const registry: { readonly [Kind in TaskKind]: Shelf<Kind> } = {
  regression: { metrics: regressionMetrics, families: regressionFamilies },
  classification: {
    metrics: [...classMetrics, ...aucMetrics, ...probabilityMetrics],
    families: [...classFamilies, ...aucFamilies, ...probabilityFamilies],
  },
  generation: { metrics: [...likelihoodMetrics, ...textMetrics], families: [] },
  multilabel: { metrics: multilabelMetrics, families: multilabelFamilies },
  ranking: { metrics: rankingMetrics, families: rankingFamilies },
  tagging: { metrics: taggingMetrics, families: [] },
};

/**
 * The metric of a task by its id: a plain one, or a family and its number as in `pinball@0.9`, with options behind a ? as in
 * `bleu?tokenize=intl`. The id of the metric is the one spelling of what was asked for. Throws an AssayError with the nearest id
 * where there is none, and with what is accepted where a number or an option is not for it.
 */
export function metricById<Kind extends TaskKind>(id: string, task: Kind): Metric<Kind> {
  const shelf: Shelf<Kind> = registry[task];
  const plainOf = (plain: string): Metric<Kind> => plainMetric(plain, task, shelf);
  const { options, ...selected } = selectedBy(parseMetricId(id), shelf);
  const plain = plainOf(formatMetricId({ ...selected, options: new Map() }));
  return configured(plain, formatMetricId({ ...parseMetricId(plain.id), options }), plainOf);
}

/** Every id of a task; a family is written with what it takes, e.g. `pinball@<a quantile from 0 to 1>`. */
export function metricIds(task: TaskKind): string[] {
  const { metrics, families } = registry[task];
  return [...metrics.map(({ id }) => id), ...families.map(({ name, accepts }) => `${name}@<${accepts}>`)];
}

/** Options that are part of the ids of metrics: `{ "id": "f1", "average": "macro" }` is `f1-macro`. */
const suffixes = ['average', 'weights'] as const;

function selectedBy<Kind extends TaskKind>(
  { name, number, options: given }: MetricId,
  { families }: Shelf<Kind>,
): MetricId {
  const options = new Map(given);
  const taken = (option: string): string | null => {
    const value = options.get(option) ?? null;
    options.delete(option);
    return value;
  };
  const whole = [name, ...suffixes.map(taken).filter((suffix) => suffix !== null)].join('-');
  const family = families.find((candidate) => candidate.name === whole);
  return { name: whole, number: number ?? (family === undefined ? null : taken(family.option)), options };
}

/** An id that none of the tasks has a metric of, with the nearest ones. */
export function unknownMetric(id: string, tasks: readonly TaskKind[]): AssayError {
  const known = suggest(id, tasks.flatMap(metricIds));
  return new AssayError('usage-invalid', `Unknown ${tasks.join(' or ')} metric "${id}". ${known}`, {
    hint: 'docs/metrics.md lists the metrics of each task, with their options',
  });
}

function plainMetric<Kind extends TaskKind>(id: string, task: Kind, shelf: Shelf<Kind>): Metric<Kind> {
  const found = shelf.metrics.find((metric) => metric.id === id) ?? familyMember(id, shelf.families);
  if (found !== undefined) return found;
  throw unknownMetric(id, [task]);
}

function familyMember<Kind extends TaskKind>(
  id: string,
  families: readonly MetricFamily<Kind>[],
): Metric<Kind> | undefined {
  const { name, number } = parseMetricId(id);
  const family = families.find((candidate) => candidate.name === name);
  if (family === undefined) return undefined;
  const parameter = number === null || number.trim() === '' ? NaN : Number(number);
  if (family.isAccepted(parameter)) return family.metricOf(parameter, `${name}@${parameter}`);
  throw new AssayError(
    'usage-invalid',
    `Metric "${id}" takes ${family.accepts} after the @; found "${number ?? ''}".`,
  );
}
