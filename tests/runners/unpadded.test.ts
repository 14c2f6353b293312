import { expect, test } from 'vitest';
import type { Samples } from '../../core/samples.ts';
import type { Tensor } from '../../core/tensor.ts';
import { unpadded } from '../../runners/unpadded.ts';

const ids: Tensor = { type: 'int64', shape: [2, 3], data: BigInt64Array.of(1n, 2n, 0n, 1n, 2n, 3n) };
const wide: Tensor = { type: 'float32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
const narrow: Tensor = { type: 'float32', shape: [2, 1, 2], data: Float32Array.of(1, 2, 3, 4) };

async function* samplesOf(inputs: Samples['inputs']): AsyncGenerator<Samples> {
  yield await Promise.resolve({
    ids: ['a', 'b'],
    inputs,
    references: {
      ...{ kind: 'tokens', vocabulary: ['_', 'x', 'y', 'z'], join: ' ', end: null, words: { ids: 'tokens' } },
      ...{ ids: Int32Array.of(1, 2, 0, 1, 2, 3), lengths: Int32Array.of(2, 3) },
      ...{ promptLengths: Int32Array.of(1, 1), floorNegativeLogLikelihood: null },
    },
  });
}

const shapesOf = async (inputs: Samples['inputs']) =>
  (await Array.fromAsync(unpadded(samplesOf(inputs), 2))).map((batch) =>
    Object.values(batch).map(({ shape }) => shape),
  );

test('what tells of the words goes without padding, and what does not stays whole', async () => {
  expect(await shapesOf({ ids, narrow })).toEqual([
    [
      [1, 2],
      [1, 1, 2],
    ],
    [
      [1, 3],
      [1, 1, 2],
    ],
  ]);
});

test('an input as wide as the words may be of the same words: nothing is cut', async () => {
  expect(await shapesOf({ ids, wide })).toEqual([
    [
      [1, 3],
      [1, 3],
    ],
    [
      [1, 3],
      [1, 3],
    ],
  ]);
});
