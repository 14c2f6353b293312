import {
  earlyStoppingConfidence,
  fewestQueries,
  fixedSampleSize,
  percentileUpperBound,
} from '../../core/statistics/early-stopping.ts';
import { quantile, quantileInterval, type Sorted } from '../../core/statistics/quantile.ts';
import type { Percentile } from '../../results/latency-schema.ts';
import type { EarlyStopping } from '../../results/scenario-schema.ts';

const probabilities = [0.5, 0.9, 0.95, 0.97, 0.99, 0.999] as const;

/** Each percentile that so many queries support, with its interval from order statistics; the others with what they take. */
export function percentilesOf(latenciesMs: Sorted, level: number): Percentile[] {
  return probabilities.map((probability) => percentileOf(latenciesMs, { probability, level }));
}

function percentileOf(
  latenciesMs: Sorted,
  { probability, level }: { probability: number; level: number },
): Percentile {
  const needed = fewestQueries(probability, 1);
  const interval = quantileInterval(latenciesMs, { probability, level });
  if (latenciesMs.length < needed || interval === null) {
    const reason = `${latenciesMs.length} queries; this percentile takes ${needed}`;
    return { probability, ms: null, interval: null, reason };
  }
  return { probability, ms: quantile(latenciesMs, probability), interval, reason: null };
}

/** The bound of the percentile that MLPerf judges, or what it takes. */
export function earlyStoppingOf(latenciesMs: Sorted, probability: number): EarlyStopping {
  const bound = percentileUpperBound(latenciesMs, probability);
  const reason = `${latenciesMs.length} queries; early stopping takes ${fewestQueries(probability, 1)}, and a run of fixed size ${fixedSampleSize(probability)}`;
  return {
    probability,
    confidence: earlyStoppingConfidence,
    atMostMs: bound,
    reason: bound === null ? reason : null,
  };
}

/** All percentiles without a value, for one reason. */
export function noPercentiles(reason: string): Percentile[] {
  return probabilities.map((probability) => ({ probability, ms: null, interval: null, reason }));
}
