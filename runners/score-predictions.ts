import type { Confusion, LabelConfusion } from '../results/confusion-schema.ts';
import type { MetricValue } from '../results/quality-schema.ts';
import type { Warning } from '../results/warning-schema.ts';
import { metricInterval } from '../tasks/compare/metric-interval.ts';
import { type Figure, type Metric, unitOf } from '../tasks/metric.ts';
import { metricById } from '../tasks/metrics/registry.ts';
import type { Predictions } from '../tasks/predictions.ts';
import { countConfusion, countLabelConfusion } from './count-confusion.ts';

export interface ScoreSettings {
  /** Confidence level of the intervals. */
  level: number;
  /** Of the resamples, where an interval needs them. */
  seed: number;
}

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

/** Computes the named metrics with their intervals. Throws where a metric is unknown or of another task. */
export function scorePredictions(
  predictions: Predictions,
  metricIds: readonly string[],
  settings: ScoreSettings,
): Scores {
  return scoresOf(predictions, scoreMetrics(predictions, metricIds, settings));
}

/** The same of each metric by itself. */
export function scoreMetrics(
  predictions: Predictions,
  metricIds: readonly string[],
  settings: ScoreSettings,
): Scored[] {
  return metricIds.map((id) => {
    const metric = metricById(id, predictions.kind);
    const figure = metric.compute(predictions);
    const { interval, reason } = metricInterval(metric, predictions, settings);
    const signature = metric.signature?.(predictions) ?? null;
    const unit = unitOf(metric, predictions);
    return {
      metric: toMetricValue({ metric, unit, figure, interval, reason, signature }),
      warnings: figure.doubts.map((doubt) => toWarning(metric, doubt)),
    };
  });
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

function toMetricValue({
  metric: { id, label, direction, oracle },
  unit,
  figure: { value },
  interval,
  reason,
  signature,
}: {
  metric: Metric;
  unit: string;
  figure: Figure;
  interval: MetricValue['interval'];
  reason: MetricValue['reason'];
  signature: MetricValue['signature'];
}): MetricValue {
  return { id, label, unit, direction, oracle, signature, value, reason, interval };
}

function toWarning(metric: Metric, detail: string): Warning {
  const advice = 'read this figure with care; docs/metrics.md tells when it misleads';
  return { code: doubtOfMetric, detail: `${metric.label}: ${detail}`, advice };
}
