import type { TaskKind } from '../../core/task-kind.ts';
import * as z from 'zod';
import type { Metric } from '../metric.ts';
import { type ClassScore, fBeta, jaccard, precision, recall } from './class-scores.ts';
import type { MetricFamily } from './family.ts';
import { renamed } from './metric-options.ts';
import type { ZeroDivision } from './zero-division.ts';

/** A score of counts, as ids, readers and scikit-learn call it. */
export interface NamedScore {
  id: string;
  label: string;
  /** The function of `sklearn.metrics`. */
  oracleName: string;
  score: ClassScore;
  /** What it may count as where its denominator is 0. */
  divisions: z.ZodType<ZeroDivision, string | undefined>;
}

/** Makes the metric of one score and one way to average it. */
type MetricOf<Kind extends TaskKind, Average> = (named: NamedScore, average: Average) => Metric<Kind>;

const divisions = z.enum(['0', '1', 'nan']).default('0');

const scores: readonly NamedScore[] = [
  { id: 'precision', label: 'Precision', oracleName: 'precision_score', score: precision, divisions },
  { id: 'recall', label: 'Recall', oracleName: 'recall_score', score: recall, divisions },
  { id: 'f1', label: 'F1', oracleName: 'f1_score', score: fBeta(1), divisions },
  {
    id: 'jaccard',
    label: 'Jaccard index',
    oracleName: 'jaccard_score',
    score: jaccard,
    divisions: z.enum(['0', '1']).default('0'),
  },
];

/** Precision, recall, F1 and Jaccard index, each averaged in every way. */
export function averagedScores<Kind extends TaskKind, Average extends string>(
  averages: readonly Average[],
  metricOf: MetricOf<Kind, Average>,
): Metric<Kind>[] {
  return scores.flatMap((named) => averages.map((average) => metricOf(named, average)));
}

/** F-beta averaged in every way; the number in the id is beta. */
export function fBetaFamilies<Kind extends TaskKind, Average extends string>(
  averages: readonly Average[],
  metricOf: MetricOf<Kind, Average>,
): MetricFamily<Kind>[] {
  return averages.map((average) => ({
    name: `f-beta-${average}`,
    option: 'beta',
    accepts: 'a beta above 0, how many times recall weighs against precision',
    isAccepted: (beta) => beta > 0,
    metricOf: (beta, id) => {
      const named = { id, label: `F${beta}`, oracleName: 'fbeta_score', score: fBeta(beta), divisions };
      return renamed(metricOf(named, average), id);
    },
  }));
}
