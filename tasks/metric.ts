import type { ScoredQuestion } from '../core/statistics/delong.ts';
import type { Direction } from '../core/verdict.ts';
import type { TaskKind } from '../core/task-kind.ts';
import type { MetricOptions } from './metrics/metric-options.ts';
import type { PredictionsOf } from './predictions.ts';

/** What a metric came to. `value` is null only with a `reason`; `doubts` say why a value may mislead. */
export type Figure =
  | { value: number; reason: null; doubts: readonly string[] }
  | { value: null; reason: string; doubts: readonly string[] };

/** Statistics of each sample whose sums over samples are all that a metric reads, e.g. matches and lengths of a corpus score. */
export interface SampleSums {
  /** Statistics a sample. */
  width: number;
  /** What they are of, where that depends on what occurs, such as types of entities. */
  of?: readonly string[];
  /** Adds those of a sample to `width` sums from `start` on. */
  addTo: (sums: Float64Array, start: number, sample: number) => void;
  /** The metric of the sums of samples; NaN where it is undefined. */
  metricOf: (sums: Float64Array) => number;
}

/** A number about predictions, with a unit and a direction. */
export interface Metric<Kind extends TaskKind = TaskKind> {
  id: string;
  label: string;
  /** Empty for a plain number; of a metric that has `unitOf`, what it is where the data has no unit. */
  unit: string;
  /** The unit where it is that of the data. */
  unitOf?(predictions: PredictionsOf<Kind>): string;
  direction: Direction;
  range: readonly [low: number, high: number];
  /** The implementation and version the definition is bound to, e.g. `scikit-learn 1.9.1`. */
  oracle: string;
  /** The definition in one line. */
  formula: string;
  /** Where the definition was published. */
  source: string;
  task: Kind;
  /** What a suite may set of it; absent where that is nothing. */
  options?: MetricOptions<Kind>;
  /**
   * What it reads of the outputs: what was decided (classes, texts), the order of scores, or numbers. The former two move in
   * steps, and so may not move at all on the samples at hand.
   */
  reads: 'decisions' | 'ranks' | 'values';
  compute(predictions: PredictionsOf<Kind>): Figure;
  /** The settings and version as the oracle writes them, where it does, e.g. sacrebleu's signature. */
  signature?(predictions: PredictionsOf<Kind>): string;
  /** One score a sample whose mean, weighted by `weights` where there are any, is the metric; absent where it does not decompose. */
  sampleScores?(predictions: PredictionsOf<Kind>): Float64Array;
  /** Whether each sample scores 0 or 1, so that it is a share of samples that can be counted. Absent means it is not. */
  countsSamples?: true;
  /**
   * Statistics of each sample that add up to the metric, where it has them, so that leaving samples out costs no scoring anew.
   * Samples that weigh more add them as many times.
   */
  sampleSums?(predictions: PredictionsOf<Kind>): SampleSums;
  /** The questions whose weighted mean area under the ROC curve it is; null where samples weigh differently. */
  areaQuestions?(predictions: PredictionsOf<Kind>): ScoredQuestion[] | null;
  /**
   * How far it lies above what it is of all samples, on average and at most, where it adds up noise without its sign; absent where
   * it does not.
   */
  upwardBias?(predictions: PredictionsOf<Kind>): number;
  /** Whether samples left out one by one do not tell how it spreads, as of a median; resampling does. Absent means they do. */
  needsBootstrap?: true;
  /** Why no interval can be made of it, whatever the number of samples; absent where one can. */
  noInterval?: string;
}

/** The unit of a metric of given predictions. */
export function unitOf<Kind extends TaskKind>(
  metric: Metric<Kind>,
  predictions: PredictionsOf<Kind>,
): string {
  return metric.unitOf?.(predictions) ?? metric.unit;
}
