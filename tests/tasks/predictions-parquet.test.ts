import { expect, test } from 'vitest';
import type { Predictions } from '../../tasks/predictions.ts';
import { decodePredictions, encodePredictions } from '../../tasks/predictions-parquet.ts';

const ids = ['1', 'zwei', '三'];

const generation = {
  kind: 'generation',
  ids,
  negativeLogLikelihood: Float64Array.of(1.5, 2.5, 3.5),
  tokens: Int32Array.of(3, 4, 5),
  floorNegativeLogLikelihood: null,
  generated: ['a', 'b', 'c'],
  references: ['x', 'y', 'z'],
} as const satisfies Predictions;

const examples: [name: string, predictions: Predictions][] = [
  [
    'regression',
    {
      kind: 'regression',
      ids,
      outputs: 1,
      expected: Float64Array.of(1, -0.1, 1e300),
      predicted: Float64Array.of(0.1 + 0.2, -Infinity, NaN),
    },
  ],
  [
    'regression of samples in clusters',
    {
      kind: 'regression',
      ids,
      clusters: { by: 'patient', names: ['p1', 'p2', 'p1'] },
      outputs: 1,
      expected: Float64Array.of(1, 2, 3),
      predicted: Float64Array.of(3, 2, 1),
    },
  ],
  [
    'regression of two outputs with weights',
    {
      kind: 'regression',
      ids,
      outputs: 2,
      unit: 'mpg',
      names: ['width', 'height'],
      expected: Float64Array.of(1, 2, 3, 4, 5, 6),
      predicted: Float64Array.of(6, 5, 4, 3, 2, 1),
      weights: Float64Array.of(1, 0.5, 0),
    },
  ],
  [
    'classification',
    {
      kind: 'classification',
      ids,
      labels: ['cat', 'a "dog", or two'],
      expected: Int32Array.of(0, 1, 1),
      predicted: Int32Array.of(1, 1, 0),
      probabilities: Float64Array.of(0.25, 0.75, 0, 1, 0.5, 0.5),
    },
  ],
  [
    'multilabel in clusters',
    {
      kind: 'multilabel',
      ids,
      clusters: { by: 'patient', names: ['p1', 'p2', 'p1'] },
      labels: ['cat', 'a "dog", or two'],
      expected: Uint8Array.of(0, 0, 1, 0, 1, 1),
      predicted: Uint8Array.of(0, 1, 1, 0, 0, 0),
      scores: Float64Array.of(-1e300, 0.1, 2, 3, 4, 5),
      weights: Float64Array.of(1, 0, 2),
    },
  ],
  [
    'ranking',
    {
      kind: 'ranking',
      ids,
      clusters: { by: 'shop', names: ['p1', 'p2', 'p1'] },
      offsets: Int32Array.of(0, 2, 2, 5),
      scores: Float64Array.of(-1e300, 0.1, 2, 3, 1 / 3),
      gains: Float64Array.of(0, 1, 2.5, 0, 0),
    },
  ],
  [
    'tagging',
    {
      kind: 'tagging',
      ids,
      clusters: { by: 'page', names: ['p1', 'p2', 'p1'] },
      expected: [['B-PER', 'I-PER'], ['O'], []],
      predicted: [['O', 'a "tag"'], ['😀'], []],
    },
  ],
  [
    'generation',
    {
      kind: 'generation',
      ids,
      negativeLogLikelihood: Float64Array.of(1.5, 2.5, 3.5),
      tokens: Int32Array.of(3, 4, 5),
      floorNegativeLogLikelihood: null,
      generated: ['', 'line\nbreak', '😀'],
      references: ['x', 'y', 'z'],
    },
  ],
  [
    'generation with everything optional',
    {
      kind: 'generation',
      ids,
      negativeLogLikelihood: Float64Array.of(1.5, 2.5, 3.5),
      tokens: Int32Array.of(3, 4, 5),
      utf8Bytes: Int32Array.of(7, 8, 9),
      floorNegativeLogLikelihood: Float64Array.of(1, 2, 3),
      generated: ['a', 'b', 'c'],
      references: ['x', 'y', 'z'],
      otherReferences: [[], ['p', 'q'], ['']],
      nextTokens: {
        vocabulary: 2,
        samples: [
          null,
          {
            positions: Int32Array.of(0, 1, 3),
            logProbabilities: Float32Array.of(-0.5, -1, 0, -Infinity, -2, -1e-30),
          },
          { positions: Int32Array.of(4), logProbabilities: Float32Array.of(-0.25, -0.125) },
        ],
      },
    },
  ],
  [
    'generation with a vocabulary that no distribution fits of',
    { ...generation, nextTokens: { vocabulary: 1_000_000, samples: [null, null, null] } },
  ],
];

test.each(examples)('%s comes back to the last bit', async (_, predictions) => {
  expect(await decodePredictions(encodePredictions(predictions), 'here')).toEqual(predictions);
});

test('ids that are numbers give the same file as their texts', () => {
  const numbers = Int32Array.of(1, 0, 10, 99, 100, 123_456, -7, 2 ** 31 - 1, -(2 ** 31));
  const values = new Float64Array(numbers.length);
  const columns = { kind: 'regression', expected: values, predicted: values } as const;
  const texts = Array.from(numbers, String);
  expect(encodePredictions({ ...columns, ids: numbers })).toEqual(
    encodePredictions({ ...columns, ids: texts }),
  );
});

test.each([
  [[0], '1 positions with 4 numbers'],
  [[1, 0], 'positions that do not ascend: 1, 0'],
  [[-1, 0], 'positions that do not ascend: -1, 0'],
])('distributions at the positions %j are not accepted of two', async (places, reason) => {
  const kept = { positions: Int32Array.from(places), logProbabilities: Float32Array.of(-1, -2, -3, -4) };
  const bytes = encodePredictions({
    ...generation,
    nextTokens: { vocabulary: 2, samples: [kept, null, null] },
  });
  await expect(decodePredictions(bytes, 'cell.parquet')).rejects.toThrow(
    `cell.parquet cannot be read as predictions: ${reason}`,
  );
});

test('bytes that are not Parquet are refused by name', async () => {
  await expect(decodePredictions(new Uint8Array(100), 'cell.parquet')).rejects.toThrow('cell.parquet');
});

test('a file cut short is refused by name', async () => {
  const [, predictions] = examples[0] ?? [];
  if (predictions === undefined) throw new Error('no example');
  const bytes = encodePredictions(predictions);
  await expect(decodePredictions(bytes.subarray(0, bytes.length - 20), 'cell.parquet')).rejects.toThrow(
    'cell.parquet',
  );
});
