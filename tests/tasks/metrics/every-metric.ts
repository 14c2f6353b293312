import type { TaskKind } from '../../../core/task-kind.ts';
import type { Metric } from '../../../tasks/metric.ts';
import { metricById, metricIds } from '../../../tasks/metrics/registry.ts';

/** Some of the numbers that each family takes, the ends of their range among them. */
const members: Readonly<Record<string, readonly number[]>> = {
  pinball: [0, 0.25, 0.9, 1],
  'roc-auc-partial': [0.001, 0.1, 0.5, 1],
  'top-k-accuracy': [1, 2, 5],
  ece: [1, 2, 10, 100],
};
const betas = [0.5, 2, Infinity];
const lengths = [1, 3, 100];

/** Every plain metric of a kind, and some members of each family. */
export function everyMetric(kind: TaskKind): Metric[] {
  return metricIds(kind)
    .flatMap((id) => idsOf(id))
    .map((id) => metricById(id, kind));
}

function idsOf(id: string): string[] {
  const [name = '', takes] = id.split('@');
  if (takes === undefined) return [id];
  const numbers = members[name] ?? (name.startsWith('f-beta') ? betas : lengths);
  return numbers.map((number) => `${name}@${number}`);
}
