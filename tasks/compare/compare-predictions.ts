import { judge, type Loss } from '../../core/statistics/judge.ts';
import type { Interval } from '../../core/verdict.ts';
import { type Metric, unitOf } from '../metric.ts';
import type { Comparison, Margin } from './comparison.ts';
import { differenceInterval, type Pair } from './difference-interval.ts';
import { furtherSamples } from './further-samples.ts';
import { requireSameSamples } from './same-samples.ts';

/** What to compare: two predictions of the same samples, the loss that is tolerated, and 1 - the confidence level. */
export interface ComparisonRequest extends Omit<Pair, 'difference'> {
  margin: Margin;
  alpha: number;
  seed: number;
}

/**
 * Judges a variant against its baseline on one metric, sample by sample (`docs/comparison.md`). Null where the metric is
 * undefined for either of them; `metric.compute` says why.
 */
export function comparePredictions(request: ComparisonRequest): Comparison | null {
  const { metric, baseline, variant, alpha, seed } = request;
  requireSameSamples(baseline, variant);
  const [before, after] = [metric.compute(baseline).value, metric.compute(variant).value];
  if (before === null || after === null) return null;
  const difference = after - before;
  const { interval, note, flipEffect } = differenceInterval(
    { metric, baseline, variant, difference },
    { level: 1 - alpha, seed },
  );
  const unit = unitOf(metric, baseline);
  const loss = lossOf({
    metric,
    unit,
    difference,
    interval,
    level: 1 - alpha,
    margin: marginInUnit(request.margin, before),
  });
  const { verdict, reason } = judge(loss);
  const neededSamples =
    verdict === 'inconclusive' && loss.interval !== null
      ? furtherSamples({ ...loss, interval: loss.interval, samples: baseline.ids.length, flipEffect })
      : null;
  return {
    ...{ metric: metric.id, label: metric.label, unit, direction: metric.direction },
    ...{ baseline: before, variant: after, difference, interval, margin: loss.margin },
    ...{ verdict, reason: reasonOf(loss, reason, note), neededSamples },
  };
}

/** Where there is no interval, the note tells more than that there is none. */
function reasonOf({ interval }: Loss, reason: string, note: string | null): string {
  if (note === null) return reason;
  return interval === null ? note : `${reason} ${note}`;
}

function marginInUnit(margin: Margin, baseline: number): number {
  return margin.kind === 'absolute' ? margin.value : margin.value * Math.abs(baseline);
}

interface Difference {
  metric: Metric;
  unit: string;
  /** variant - baseline. */
  difference: number;
  interval: Interval | null;
  margin: number;
  level: number;
}

/** Turns a difference so that positive is worse, whichever way the metric improves. */
function lossOf({ metric, unit, difference, interval, margin, level }: Difference): Loss {
  const format = (loss: number): string => `${Number(loss.toPrecision(3))}${unit && ` ${unit}`}`;
  if (metric.direction === 'lower-is-better')
    return { estimate: difference, interval, margin, level, format };
  const turned = interval === null ? null : { ...interval, low: -interval.high, high: -interval.low };
  return { estimate: -difference, interval: turned, margin, level, format };
}
