import { expect, test } from 'vitest';
import { areaInterval, estimateArea, type ScoredQuestion } from '../../../core/statistics/delong.ts';
import golden from '../../golden/statistics/areas.json' with { type: 'json' };
import { expectAgreement } from './to-agree.ts';

function questions(expected: readonly number[], scores: readonly (readonly number[])[]): ScoredQuestion[] {
  const labels = [...(scores[0] ?? []).keys()];
  return (labels.length === 2 ? [1] : labels).map((label) => ({
    isPositive: Uint8Array.from(expected, (index) => (index === label ? 1 : 0)),
    scores: Float64Array.from(scores, (row) => row[label] ?? NaN),
    samples: Uint32Array.from(expected.keys()),
    weight: 1,
  }));
}

const sumOfSquares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);

test('areas, their variance and that of their difference agree with scikit-learn and the definition', () => {
  for (const { expected, baseline, variant, ...figures } of golden) {
    const [before, after] = [
      estimateArea(questions(expected, baseline), expected.length),
      estimateArea(questions(expected, variant), expected.length),
    ];
    const differences = after.influences.map(
      (influence, sample) => influence - (before.influences[sample] ?? NaN),
    );
    expectAgreement(before.area, figures.areas[0] ?? NaN, 'baseline');
    expectAgreement(after.area, figures.areas[1] ?? NaN, 'variant');
    expectAgreement(sumOfSquares(before.influences), figures.variance, 'variance');
    expectAgreement(sumOfSquares(differences), figures.differenceVariance, 'variance of the difference');
  }
});

test('the interval of an area holds it and stays below 1', () => {
  const { expected, baseline } = golden[1] ?? { expected: [], baseline: [] };
  const estimate = estimateArea(questions(expected, baseline), expected.length);
  const interval = areaInterval({ ...estimate, freedom: 20 }, 0.95);
  expect(interval?.low).toBeLessThan(estimate.area);
  expect(interval?.high).toBeGreaterThan(estimate.area);
  expect(interval?.high).toBeLessThan(1);
});

test('a class with one sample has no variance, and a perfect area no interval of its own', () => {
  const lonely = estimateArea(
    [
      {
        isPositive: Uint8Array.of(1, 0, 0),
        scores: Float64Array.of(3, 1, 2),
        samples: Uint32Array.of(0, 1, 2),
        weight: 1,
      },
    ],
    3,
  );
  expect(areaInterval({ ...lonely, freedom: 1 }, 0.95)).toBeNull();
  const perfect = estimateArea(
    [
      {
        isPositive: Uint8Array.of(1, 1, 0, 0),
        scores: Float64Array.of(3, 4, 1, 2),
        samples: Uint32Array.of(0, 1, 2, 3),
        weight: 1,
      },
    ],
    4,
  );
  expect(perfect.area).toBe(1);
  expect(areaInterval({ ...perfect, freedom: 1 }, 0.95)).toBeNull();
});
