import type { TaskKind } from '../../../core/task-kind.ts';
import type { Predictions } from '../../../tasks/predictions.ts';
import type { Metric } from '../../../tasks/metric.ts';
import { metricById } from '../../../tasks/metrics/registry.ts';

/** All samples there are, predicted by a baseline and by a variant: what is true of them is what the metrics say of all. */
export interface Everyone {
  baseline: Predictions;
  variant: Predictions;
}

export interface Population {
  /** How errors are distributed and how far the variant strays, e.g. `normal errors, change 0.5`. */
  name: string;
  draw: () => Everyone;
}

/** So many samples that drawing them with replacement is drawing from all, with tails to one in a hundred thousand. */
export const everyone = 1 << 17;

export function idsOf(samples: number): string[] {
  return Array.from({ length: samples }, (_, sample) => `s${sample}`);
}

/** A metric typed for predictions of any task, as comparisons take it. */
export function metricOf(id: string, kind: TaskKind): Metric {
  return metricById(id, kind);
}
