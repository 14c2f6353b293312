import { type Evidence, finding, noEvidence } from './evidence.ts';
import { describeHits, hitEvidence, type Hits, hitsOf } from './hit-evidence.ts';
import { hasWidth } from './has-width.ts';
import { influenceEvidence } from './influence-evidence.ts';
import { contrast, type Influences, influencesOfPair, type SampledPair } from './influences.ts';
import { noWidth, oneCluster, tooLarge } from './no-interval-reasons.ts';
import type { Pair } from './pair.ts';
import { resampledMetric } from './resampled-metric.ts';
import { resamplingIntervals } from './resampling.ts';
import { areIdentical } from './same-samples.ts';
import { samplingOf } from './sampling.ts';

/** With fewer samples or clusters what is as bad as the margin passes too often; hits and misses vary less. */
const fewestUnits = 30;
const fewestOfHits = 10;

const undefinedOnMany = 'The metric is undefined on too many resamples.';
const undefinedWithout =
  'The metric is undefined without one of the samples, so nothing tells how it spreads.';

/** What the samples tell of a difference; picks the method by what the metric is. `docs/comparison.md` says which and why. */
export function differenceEvidence(pair: Pair): Evidence {
  if (areIdentical(pair.baseline, pair.variant)) return identical();
  if (pair.metric.noInterval !== undefined) return noEvidence(pair.metric.noInterval);
  const sampling = samplingOf(pair.baseline);
  if (sampling === null) return noEvidence(oneCluster);
  const hits = hitsOf(pair);
  // Of the larger of both values, whose rounding noise the difference has.
  const size = Math.max(Math.abs(pair.values.before), Math.abs(pair.values.after));
  const found = usable(fromSamples({ ...pair, sampling }, hits), size);
  if (hits === null) return found;
  const note = describeHits(pair.metric, hits);
  return (level) => ({ ...found(level), note });
}

/** No interval where it would be the noise of rounding, or of numbers so large that their squares are infinite. */
function usable(evidence: Evidence, size: number): Evidence {
  return (level) => {
    const found = evidence(level);
    if (found.interval === null) return found;
    const { low, high } = found.interval;
    if (!Number.isFinite(high - low)) return noEvidence(tooLarge)(level);
    return hasWidth(found.interval, size) ? found : noEvidence(noWidth)(level);
  };
}

function fromSamples(pair: SampledPair, hits: Hits | null): Evidence {
  const { metric, sampling } = pair;
  if (hits !== null && sampling.noun === 'samples') return hitEvidence(hits);
  const fewest = hits === null ? fewestUnits : fewestOfHits;
  if (sampling.effectiveUnits < fewest) return tooFew(pair, fewest);
  return metric.needsBootstrap === true ? fromResampling(pair) : fromInfluences(pair);
}

function identical(): Evidence {
  const note = 'Every output equals the baseline to the last bit.';
  return (level) => finding({ low: 0, high: 0, level, method: 'identical outputs' }, { note });
}

function tooFew({ baseline, sampling }: SampledPair, fewest: number): Evidence {
  const { effectiveUnits, units, noun } = sampling;
  const missing = Math.ceil(((fewest - effectiveUnits) * baseline.ids.length) / effectiveUnits);
  const found =
    effectiveUnits < units
      ? `by their weights ${units} count as ${effectiveUnits.toFixed(1)}`
      : countOf(units);
  return noEvidence(`An interval of this metric takes ${fewest} ${noun}; ${found}.`, missing);
}

function countOf(units: number): string {
  return units === 1 ? 'there is one' : `there are ${units}`;
}

function fromInfluences(pair: SampledPair): Evidence {
  const { metric, baseline, variant, values, sampling } = pair;
  const [before, after] = influencesOfPair(pair);
  if (before === null || after === null) return noEvidence(undefinedWithout);
  const influences = widest(contrast(before, after), contrast(before, after, toleratedShare(pair)));
  const lifted = { baseline: metric.upwardBias?.(baseline) ?? 0, variant: metric.upwardBias?.(variant) ?? 0 };
  return influenceEvidence({
    ...{ metric, variant, sampling, difference: values.after - values.before, influences },
    bias: { low: lifted.variant, high: lifted.baseline },
  });
}

/** What the variant may be of the baseline; a share of the baseline is as uncertain as the baseline is. */
function toleratedShare({ metric, values, margin }: Pair): number {
  if (margin.kind === 'absolute') return 1;
  const change = margin.value * Math.sign(values.before);
  return metric.direction === 'lower-is-better' ? 1 + change : 1 - change;
}

function widest(first: Influences, second: Influences): Influences {
  const squares = ({ values }: Influences): number => values.reduce((sum, value) => sum + value * value, 0);
  return squares(second) > squares(first) ? second : first;
}

function fromResampling({ metric, baseline, variant, sampling, seed }: SampledPair): Evidence {
  const [before, after] = [resampledMetric(metric, baseline), resampledMetric(metric, variant)];
  const compute = (indices: Int32Array): number | null => {
    const [first, second] = [before(indices), after(indices)];
    return first === null || second === null ? null : second - first;
  };
  const intervals = resamplingIntervals(sampling.statistic(compute), seed);
  if (intervals === null) return noEvidence(undefinedOnMany);
  return (level) => finding(sampling.describe(intervals(level)));
}
