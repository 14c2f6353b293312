import { expect, test } from 'vitest';
import { joinRows, joinTensors } from '../../core/join-rows.ts';
import { sliceRows, type Tensor } from '../../core/tensor.ts';

test('rows of every part follow one another, views too', () => {
  const all: Tensor = { type: 'float64', shape: [3, 2], data: Float64Array.of(1, 2, 3, 4, 5, 6) };
  expect(joinRows([sliceRows(all, 2, 3), sliceRows(all, 0, 2)])).toEqual({
    type: 'float64',
    shape: [3, 2],
    data: Float64Array.of(5, 6, 1, 2, 3, 4),
  });
});

test('texts and 64-bit integers join, and so do parts without rows', () => {
  const texts: Tensor = { type: 'string', shape: [1], data: ['a'] };
  expect(joinRows([texts, { ...texts, data: ['b'] }])).toEqual({
    type: 'string',
    shape: [2],
    data: ['a', 'b'],
  });
  const one: Tensor = { type: 'int64', shape: [1, 1], data: BigInt64Array.of(7n) };
  expect(joinRows([sliceRows(one, 0, 0), one])).toEqual(one);
});

test('batches join tensor by tensor, one is itself, and none are nothing', () => {
  const batchOf = (...ids: number[]) => ({
    x: { type: 'int32', shape: [ids.length], data: Int32Array.from(ids) } as const,
    y: { type: 'string', shape: [ids.length], data: ids.map(String) } as const,
  });
  const [first, second] = [batchOf(1, 2), batchOf(3)];
  expect(joinTensors([first, second])).toEqual(batchOf(1, 2, 3));
  expect(joinTensors([first])).toBe(first);
  expect(joinTensors([])).toEqual({});
});
