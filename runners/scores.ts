import type { Confusion, LabelConfusion } from '../results/confusion-schema.ts';
import type { MetricValue } from '../results/quality-schema.ts';
import type { Warning } from '../results/warning-schema.ts';
import type { Predictions } from '../tasks/predictions.ts';
import { countConfusion, countLabelConfusion } from './count-confusion.ts';

/** Metrics, and what makes some of them doubtful. */
export interface Scores {
  metrics: MetricValue[];
  confusion: Confusion | null;
  labelConfusion: LabelConfusion | null;
  warnings: Warning[];
}

/** The code of every warning about a metric. */
export const doubtOfMetric = 'ill-conditioned';

/** A metric, and what makes it doubtful. */
export interface Scored {
  metric: MetricValue;
  warnings: Warning[];
}

/** The metrics of predictions together, with what is counted once for all of them. */
export function scoresOf(predictions: Predictions, scored: readonly Scored[]): Scores {
  return {
    metrics: scored.map(({ metric }) => metric),
    confusion: countConfusion(predictions),
    labelConfusion: countLabelConfusion(predictions),
    warnings: scored.flatMap(({ warnings }) => warnings),
  };
}
