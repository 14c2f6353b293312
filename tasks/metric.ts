import type { Direction } from '../core/verdict.ts';
import type { PredictionsOf, TaskKind } from './predictions.ts';

/** What a metric came to. `value` is null only with a `reason`; `doubts` say why a value may mislead. */
export type Figure =
  | { value: number; reason: null; doubts: readonly string[] }
  | { value: null; reason: string; doubts: readonly string[] };

/** A number about predictions, with a unit and a direction. */
export interface Metric<Kind extends TaskKind = TaskKind> {
  id: string;
  label: string;
  /** Empty for a plain number. */
  unit: string;
  direction: Direction;
  range: readonly [low: number, high: number];
  /** The implementation and version the definition is bound to, e.g. `scikit-learn 1.9`. */
  oracle: string;
  task: Kind;
  compute(predictions: PredictionsOf<Kind>): Figure;
  /** One score a sample whose mean is the metric; absent where it does not decompose. */
  sampleScores?(predictions: PredictionsOf<Kind>): Float64Array;
}
