import { expect, test } from 'vitest';
import { countFlips } from '../../../tasks/compare/flips.ts';
import { outputDistance } from '../../../tasks/compare/output-distance.ts';
import type { ClassificationPredictions } from '../../../tasks/predictions.ts';
import { drawTexts, drawValues } from './draw-predictions.ts';

function classes(predicted: readonly number[]): ClassificationPredictions {
  return {
    kind: 'classification',
    ids: ['a', 'b', 'c', 'd'],
    labels: ['x', 'y', 'z'],
    expected: Int32Array.of(0, 1, 2, 0),
    predicted: Int32Array.from(predicted),
    probabilities: new Float64Array(12).fill(1 / 3),
  };
}

test('flips are listed by direction, and a change from wrong to wrong only lowers the agreement', () => {
  expect(countFlips(classes([0, 1, 0, 1]), classes([1, 1, 1, 0]))).toEqual({
    rightToWrong: ['a'],
    wrongToRight: ['d'],
    agreement: 0.25,
  });
});

test('texts flip by exact match with any reference', () => {
  const texts = {
    ...drawTexts({ samples: 2, noise: 0 }),
    references: ['yes', 'no'],
    otherReferences: [['aye'], []],
  };
  const [baseline, variant] = [
    { ...texts, generated: ['aye', 'maybe'] },
    { ...texts, generated: ['nay', 'no'] },
  ];
  expect(countFlips(baseline, variant)).toEqual({ rightToWrong: ['s0'], wrongToRight: ['s1'], agreement: 0 });
});

test('sets of labels flip where all are right or one is not', () => {
  const sets = {
    kind: 'multilabel',
    ids: ['a', 'b', 'c'],
    labels: ['x', 'y'],
    expected: Uint8Array.of(0, 0, 1, 0, 1, 1),
    scores: new Float64Array(6),
  } as const;
  const baseline = { ...sets, predicted: Uint8Array.of(0, 0, 0, 0, 1, 1) };
  const variant = { ...sets, predicted: Uint8Array.of(0, 1, 1, 0, 1, 1) };
  expect(countFlips(baseline, variant)).toEqual({
    rightToWrong: ['a'],
    wrongToRight: ['b'],
    agreement: 1 / 3,
  });
});

test('rankings flip by whether the first candidate is relevant, and agree by which it is', () => {
  const ranking = {
    kind: 'ranking',
    ids: ['a', 'b', 'c'],
    offsets: Int32Array.of(0, 2, 4, 6),
    gains: Float64Array.of(1, 0, 0, 3, 0, 0),
  } as const;
  const baseline = { ...ranking, scores: Float64Array.of(2, 1, 2, 1, 1, 2) };
  const variant = { ...ranking, scores: Float64Array.of(1, 2, 1, 2, 1, 1) };
  expect(countFlips(baseline, variant)).toEqual({
    rightToWrong: ['a'],
    wrongToRight: ['b'],
    agreement: 1 / 3,
  });
});

test('tagged texts flip where all tags are right or one is not', () => {
  const tagged = {
    kind: 'tagging',
    ids: ['a', 'b', 'c'],
    expected: [['B-X', 'O'], ['O'], ['O']],
  } as const;
  const baseline = { ...tagged, predicted: [['B-X', 'O'], ['B-X'], ['O']] };
  const variant = { ...tagged, predicted: [['B-X', 'I-X'], ['O'], ['O']] };
  expect(countFlips(baseline, variant)).toEqual({
    rightToWrong: ['a'],
    wrongToRight: ['b'],
    agreement: 1 / 3,
  });
  expect(outputDistance(baseline, variant, 0.95).distance).toEqual({ kind: 'tagging', changedTags: 2 / 4 });
});

test('values have no right or wrong', () => {
  const values = drawValues({ samples: 3, noise: 0 });
  expect(countFlips(values, values)).toBeNull();
});
