import { textsOf } from '../../../core/ids.ts';
import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { nextTokenDivergence } from '../../../tasks/compare/next-token-divergence.ts';
import { takeSamples } from '../../../tasks/compare/take-samples.ts';
import type { GenerationPredictions } from '../../../tasks/predictions.ts';
import { drawTexts } from './draw-predictions.ts';

/** Predictions with these distributions, a sample a row of positions. */
function predictionsOf(samples: readonly (readonly (readonly number[])[])[]): GenerationPredictions {
  return {
    ...drawTexts({ samples: samples.length, noise: 0 }),
    tokens: Int32Array.from(samples, ({ length }) => length),
    nextTokens: {
      vocabulary: samples[0]?.[0]?.length ?? 0,
      samples: samples.map((positions) => ({
        positions: Int32Array.from(positions.keys()),
        logProbabilities: Float32Array.from(positions.flat(), Math.log),
      })),
    },
  };
}

const divergenceOf = (baseline: GenerationPredictions, variant: GenerationPredictions) =>
  nextTokenDivergence(baseline, variant, 0.95).divergence;

const baseline = predictionsOf([
  [
    [0.5, 0.5],
    [0.9, 0.1],
  ],
  [[0.5, 0.5]],
]);

test('the divergence is that of Kullback and Leibler, mean over positions, with the largest and the likeliest tokens', () => {
  const variant = predictionsOf([
    [
      [0.25, 0.75],
      [0.9, 0.1],
    ],
    [[0.75, 0.25]],
  ]);
  const one = 0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75);
  expect(divergenceOf(baseline, variant)).toMatchObject({
    klDivergence: expect.closeTo((2 * one) / 3, 7) as number,
    max: expect.closeTo(one, 7) as number,
    percentile99: null,
    // Of equal ones the first is the likeliest: the variant differs at the first position.
    sameLikeliest: 2 / 3,
    positions: 3,
    samples: 2,
  });
});

test('equal distributions diverge by exactly 0 and say why there is no interval', () => {
  expect(divergenceOf(baseline, baseline)).toMatchObject({
    ...{ klDivergence: 0, max: 0, sameLikeliest: 1, interval: null },
    reason: expect.stringContaining('nothing tells') as string,
  });
});

test('a token that the variant rules out counts much but not infinitely, and one that neither expects counts nothing', () => {
  const own = predictionsOf([[[0.5, 0.5, 0]], [[1, 0, 0]]]);
  const other = predictionsOf([[[1, 0, 0]], [[1, 0, 0]]]);
  expect(divergenceOf(own, other)?.max).toBeCloseTo(
    0.5 * Math.log(0.5) + 0.5 * (Math.log(0.5) + 52 * Math.LN2),
    5,
  );
  expect(divergenceOf(other, other)?.klDivergence).toBe(0);
});

/** Distributions over 5 tokens, and the same moved by noise that each sample has its own amount of. */
function drawPair(samples: number, noise: number, seed: number) {
  const random = createRandom(seed);
  const softmax = (scores: readonly number[]): number[] => {
    const sum = scores.reduce((total, score) => total + Math.exp(score), 0);
    return scores.map((score) => Math.exp(score) / sum);
  };
  const scores = Array.from({ length: samples }, () =>
    Array.from({ length: 3 + random.below(6) }, () => Array.from({ length: 5 }, () => random.normal())),
  );
  const moved = scores.map((sample) => {
    const own = noise * (1 + random.next());
    return sample.map((position) => position.map((score) => score + own * random.normal()));
  });
  const of = (all: readonly (readonly (readonly number[])[])[]) =>
    predictionsOf(all.map((sample) => sample.map(softmax)));
  return [of(scores), of(moved)] as const;
}

test('small noise diverges by half its variance, far below the rounding of what is kept', () => {
  const [own, other] = drawPair(200, 1e-4, 7);
  const found = divergenceOf(own, other);
  // Half the variance of the noise, 1.5 of its unit on average and squared, less what the softmax takes out.
  expect(found?.klDivergence).toBeGreaterThan(0.5e-8);
  expect(found?.klDivergence).toBeLessThan(2e-8);
  expect(found?.percentile99).toBeGreaterThan(found?.klDivergence ?? Infinity);
  expect(found?.max).toBeGreaterThanOrEqual(found?.percentile99 ?? Infinity);
});

test('the interval of the mean covers that of many samples about as often as it says', () => {
  const truth = divergenceOf(...drawPair(2000, 0.3, 1))?.klDivergence ?? NaN;
  const found = Array.from(
    { length: 100 },
    (_, run) => divergenceOf(...drawPair(40, 0.3, run + 2))?.interval,
  );
  const covering = found.filter(
    (interval) => interval != null && interval.low < truth && truth < interval.high,
  );
  expect(covering.length).toBeGreaterThanOrEqual(90);
  expect(covering.length).toBeLessThan(100);
  expect(found[0]?.method).toBe('ratio over samples, skew-adjusted t (n=40)');
});

test('samples of one cluster are drawn together', () => {
  const [own, other] = drawPair(40, 0.3, 3);
  const names = textsOf(own.ids).map((_, sample) => `text ${sample % 5}`);
  const found = divergenceOf({ ...own, clusters: { by: 'text', names } }, other);
  expect(found?.interval?.method).toContain('clustered by text (n=40, clusters=5)');
  expect(found?.klDivergence).toBe(divergenceOf(own, other)?.klDivergence);
  const single = { ...own, clusters: { by: 'text', names: textsOf(own.ids).map(() => 'one') } };
  expect(divergenceOf(single, other)).toMatchObject({
    interval: null,
    reason: expect.stringContaining('one cluster') as string,
  });
});

/** Of the predictions, some positions a sample; null of a sample of which none is kept. */
function keepOnly(from: GenerationPredictions, ...kept: (readonly number[])[]): GenerationPredictions {
  const { vocabulary = 0, samples = [] } = from.nextTokens ?? {};
  return {
    ...from,
    nextTokens: {
      vocabulary,
      samples: samples.map((sample, index) => {
        const positions = Int32Array.from(kept[index] ?? []);
        const rowOf = (position: number) =>
          sample?.logProbabilities.subarray(position * vocabulary, (position + 1) * vocabulary) ?? [];
        const logProbabilities = Float32Array.from([...positions].flatMap((one) => [...rowOf(one)]));
        return positions.length === 0 ? null : { positions, logProbabilities };
      }),
    },
  };
}

test('positions that are kept of both are compared, whichever else are, and samples without any are left aside', () => {
  const [own, other] = drawPair(4, 0.3, 5);
  const apart = divergenceOf(
    keepOnly(own, [0, 1, 2], [], [2], [0]),
    keepOnly(other, [1, 2], [0], [0, 2], [1]),
  );
  const alike = [[1, 2], [], [2], []];
  expect(apart).toMatchObject({ positions: 3, samples: 2 });
  expect(apart).toEqual(divergenceOf(keepOnly(own, ...alike), keepOnly(other, ...alike)));
});

test('the clusters of samples are theirs, though those before them are left aside', () => {
  const [own, other] = drawPair(6, 0.3, 5);
  const names = ['a', 'a', 'a', 'b', 'b', 'c'];
  const clustered = { ...own, clusters: { by: 'text', names } };
  const kept = [[], [], [], [0], [1], [2]];
  expect(divergenceOf(keepOnly(clustered, ...kept), other)?.interval?.method).toContain('clusters=2');
});

test('what cannot be told has its reason', () => {
  const reasonOf = (own: GenerationPredictions, other: GenerationPredictions) =>
    nextTokenDivergence(own, other, 0.95).reason;
  const before = drawTexts({ samples: 2, noise: 0 });
  expect(reasonOf(before, baseline)).toContain('from before');
  const noneOf = (vocabulary: number) => ({ ...before, nextTokens: { vocabulary, samples: [null, null] } });
  const large = noneOf(600_000);
  expect(reasonOf(large, large)).toBe(
    'The model chooses among 600000 tokens, so that 32 MiB hold 13 distributions; from 16 on they are kept.',
  );
  expect(reasonOf(baseline, large)).toContain('2 tokens and the variant among 600000');
  expect(reasonOf(noneOf(32_000), noneOf(32_000))).toContain('before any was kept of so many tokens');
  expect(reasonOf(baseline, noneOf(2))).toContain('hold a single token');
  expect(reasonOf(keepOnly(baseline, [0], [0]), keepOnly(baseline, [1], []))).toContain('of other tokens');
  expect(takeSamples(baseline, Int32Array.of(1)).nextTokens).toBeUndefined();
});

test('logarithms of hundreds apart, as broken weights give, are a large divergence and not NaN', () => {
  const far = (kept: number): GenerationPredictions => ({
    ...predictionsOf([[[1, 0]]]),
    nextTokens: {
      vocabulary: 2,
      samples: [{ positions: Int32Array.of(0), logProbabilities: Float32Array.of(kept, -1000 - kept) }],
    },
  });
  const divergence = divergenceOf(far(0), far(-1000));
  // The variant gives the only token that its baseline expects what the floor of log loss allows, and the other one 1.
  expect(divergence?.max).toBeCloseTo(-Math.log(Number.EPSILON), 5);
});
