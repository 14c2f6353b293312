import type { MetricValue } from '../results/quality-schema.ts';
import type { Warning } from '../results/warning-schema.ts';
import { metricInterval } from '../tasks/compare/metric-interval.ts';
import { type Figure, type Metric, unitOf } from '../tasks/metric.ts';
import { metricById } from '../tasks/metrics/registry.ts';
import type { Predictions } from '../tasks/predictions.ts';
import { doubtOfMetric, scoresOf, type Scored, type Scores } from './scores.ts';

export interface ScoreSettings {
  /** Confidence level of the intervals. */
  level: number;
  /** Of the resamples, where an interval needs them. */
  seed: number;
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
