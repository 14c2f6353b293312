import { expect, test } from 'vitest';
import { bcaProbabilities } from '../../../core/statistics/bca.ts';
import { bootstrapInterval, type BootstrapSettings } from '../../../core/statistics/bootstrap.ts';
import { meanInterval } from '../../../core/statistics/mean-interval.ts';
import { normalQuantile } from '../../../core/statistics/normal.ts';
import { quantile, sortAscending } from '../../../core/statistics/quantile.ts';
import { mean, sampleVariance } from '../../../core/statistics/summary.ts';
import { createRandom } from '../../../core/random.ts';
import golden from '../../golden/statistics/bootstraps.json' with { type: 'json' };
import { expectAgreement } from './to-agree.ts';

const settings: BootstrapSettings & { level: number } = {
  method: 'bca',
  replicates: 1000,
  seed: 3,
  level: 0.95,
};

function normalSample(n: number): Float64Array {
  const random = createRandom(11);
  return Float64Array.from({ length: n }, () => random.normal());
}

const meanOf = (values: Float64Array) => (indices: Int32Array) =>
  mean(Array.from(indices, (index) => values[index] ?? NaN));

test('percentile and BCa bounds agree with SciPy to 1e-10 on the same resamples', () => {
  for (const { statistic, data, replicates, percentile, bca } of golden) {
    const compute = statistic === 'mean' ? mean : sampleVariance;
    const jackknife = data.map((_, left) => compute(data.filter((_, index) => index !== left)));
    const sorted = sortAscending(replicates);
    const [low, high] = bcaProbabilities(
      { estimate: compute(data), replicates: sorted, jackknife },
      normalQuantile(0.975),
    );
    expectAgreement(quantile(sorted, 0.025), percentile[0] ?? NaN, 'percentile low');
    expectAgreement(quantile(sorted, 0.975), percentile[1] ?? NaN, 'percentile high');
    expectAgreement(quantile(sorted, low), bca[0] ?? NaN, 'BCa low');
    expectAgreement(quantile(sorted, high), bca[1] ?? NaN, 'BCa high');
  }
});

test.each([10, 200])("on %i normal values the bootstrap of the mean comes near Student's t", (n) => {
  const values = normalSample(n);
  const t = meanInterval(values, 0.95);
  for (const method of ['percentile', 'bca'] as const) {
    const interval = bootstrapInterval({ samples: n, compute: meanOf(values) }, { ...settings, method });
    const widthRatio =
      ((interval?.high ?? NaN) - (interval?.low ?? NaN)) / ((t?.high ?? NaN) - (t?.low ?? NaN));
    expect(Math.abs(widthRatio - 1)).toBeLessThan(0.15);
  }
});

test('the interval names its method, resamples and seed, and comes again with the same seed', () => {
  const statistic = { samples: 50, compute: meanOf(normalSample(50)) };
  const interval = bootstrapInterval(statistic, settings);
  expect(interval?.method).toBe('bootstrap-bca (B=1000, seed=3)');
  expect(bootstrapInterval(statistic, settings)).toEqual(interval);
  expect(bootstrapInterval(statistic, { ...settings, seed: 4 })?.low).not.toBe(interval?.low);
});

test('a few undefined resamples are named, and many leave no interval', () => {
  const values = normalSample(30);
  const unlessWithout = (rare: number) => (indices: Int32Array) =>
    indices.some((index) => index < rare) ? meanOf(values)(indices) : null;
  const named = bootstrapInterval({ samples: 30, compute: unlessWithout(3) }, settings);
  expect(named?.method).toMatch(/^bootstrap-bca \(B=1000, seed=3, \d+ undefined\)$/);
  expect(bootstrapInterval({ samples: 30, compute: unlessWithout(1) }, settings)).toBeNull();
  expect(bootstrapInterval({ samples: 30, compute: () => Infinity }, settings)).toBeNull();
});

test('a constant statistic gives a point, and one sample gives nothing', () => {
  expect(bootstrapInterval({ samples: 20, compute: () => 4 }, settings)).toMatchObject({ low: 4, high: 4 });
  expect(bootstrapInterval({ samples: 1, compute: () => 4 }, settings)).toBeNull();
});

test('two samples give finite bounds', () => {
  const interval = bootstrapInterval({ samples: 2, compute: meanOf(Float64Array.of(1, 5)) }, settings);
  expect(interval).toMatchObject({ low: 1, high: 5 });
});
