import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { clusteringOf, clusterTotals } from '../../../core/statistics/clusters.ts';
import { inflated, influencesOnMean, jackknifed, spreadOf } from '../../../core/statistics/influence.ts';
import { mean, sampleVariance, standardError } from '../../../core/statistics/summary.ts';
import golden from '../../golden/statistics/means.json' with { type: 'json' };
import { expectAgreement } from './to-agree.ts';

const all = (values: Float64Array) => ({ units: values.length, freedom: values.length - 1 });

function skewed(n: number, seed = 1): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: n }, () => -Math.log(1 - random.next()));
}

test('the influences on a mean have its standard error and skewness', () => {
  const values = skewed(50);
  const influences = inflated(influencesOnMean(values));
  const spread = spreadOf(influences, all(influences));
  expect(spread.standardError).toBeCloseTo(standardError(values), 14);
  const centre = mean(values);
  const [squares, cubes] = [2, 3].map((power) => mean(values.map((value) => (value - centre) ** power)));
  const skewness = (cubes ?? NaN) / (squares ?? NaN) ** 1.5;
  expect(spread.skewness).toBeCloseTo(skewness / Math.sqrt(50), 12);
});

test('the clustered standard error of a mean agrees with statsmodels', () => {
  const { scores, clusters } = golden.clustered;
  const totals = clusterTotals(influencesOnMean(Float64Array.from(scores)), clusteringOf(clusters));
  const { standardError: found } = spreadOf(inflated(totals), all(totals));
  expectAgreement(found, golden.clustered['C/(C-1)'], 'C/(C-1)');
});

test('the error of a skewness is what it spreads over samples', () => {
  const n = 400;
  const spreads = Array.from({ length: 400 }, (_, seed) => {
    const random = createRandom(seed);
    const values = Float64Array.from({ length: n }, () => random.normal());
    return spreadOf(influencesOnMean(values), all(values));
  });
  const seen = Math.sqrt(sampleVariance(spreads.map(({ skewness }) => skewness)));
  const said = mean(spreads.map(({ skewnessError }) => skewnessError));
  expect(said / seen).toBeGreaterThan(0.9);
  expect(said / seen).toBeLessThan(1.1);
});

test('without any influence there is no skewness', () => {
  expect(spreadOf(new Float64Array(4), { units: 4, freedom: 3 })).toEqual({
    ...{ units: 4, freedom: 3, standardError: 0, skewness: 0, skewnessError: 0 },
  });
});

test('the jackknife of a mean is exact, and that of a variance with n finds its bias', () => {
  const values = skewed(30);
  const without = (statistic: (rest: Float64Array) => number): Float64Array =>
    values.map((_, left) => statistic(values.filter((_value, index) => index !== left)));
  const ofMean = jackknifed(mean(values), without(mean));
  expect(ofMean.bias).toBeCloseTo(0, 12);
  expect(spreadOf(ofMean.influences, all(values)).standardError).toBeCloseTo(standardError(values), 12);
  const variance = (rest: Float64Array): number => (sampleVariance(rest) * (rest.length - 1)) / rest.length;
  const { bias } = jackknifed(variance(values), without(variance));
  expect(bias).toBeCloseTo(-sampleVariance(values) / values.length, 12);
});
