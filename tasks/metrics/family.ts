import type { TaskKind } from '../../core/task-kind.ts';
import type { Metric } from '../metric.ts';

/** Metrics that differ in one number, written after an @: `pinball@0.9`. */
export interface MetricFamily<Kind extends TaskKind> {
  name: string;
  /** What the number is, as an option of a suite: `quantile` in `{ "id": "pinball", "quantile": 0.9 }`. */
  option: string;
  /** The numbers it takes, in words. */
  accepts: string;
  isAccepted(parameter: number): boolean;
  metricOf(parameter: number, id: string): Metric<Kind>;
}
