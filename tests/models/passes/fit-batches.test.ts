import { expect, test } from 'vitest';
import type { Tensors } from '../../../core/tensor.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import type { OnnxGraph } from '../../../models/onnx/model.ts';
import type { CalibrationData } from '../../../models/passes/calibration.ts';
import { fitBatches } from '../../../models/passes/fit-batches.ts';

const rowsOfBatches = [3, 3, 2];

async function* batches(): AsyncGenerator<Tensors> {
  let next = 0;
  for (const rows of rowsOfBatches) {
    const [x, id] = [new Float32Array(rows * 2), new BigInt64Array(rows)];
    for (let row = 0; row < rows; row++, next++) {
      x.set([next, -next], row * 2);
      id[row] = BigInt(next);
    }
    yield {
      x: { type: 'float32', shape: [rows, 2], data: x },
      id: { type: 'int64', shape: [rows], data: id },
    };
    await Promise.resolve();
  }
}

const data: CalibrationData = { description: '8 rows', hash: 'rows', batches };

function graphFor(first: number | string, second: number | string): OnnxGraph {
  const graph = buildGraph('fixed');
  graph.input('x', { type: 'float32', shape: [first, 2] });
  graph.input('id', { type: 'int64', shape: [second] });
  return graph.model().graph;
}

async function idsOf(fitted: CalibrationData): Promise<number[][]> {
  return Array.fromAsync(fitted.batches(), ({ id, x }) => {
    const ids = Array.from(id?.data as BigInt64Array, Number);
    expect(Array.from(x?.data as Float32Array)).toEqual(ids.flatMap((one) => [one, -one]));
    return ids;
  });
}

test('a model of a fixed batch gets its own, cut out of larger ones and joined of smaller', async () => {
  expect(await idsOf(fitBatches(data, graphFor(1, 1)))).toEqual([[0], [1], [2], [3], [4], [5], [6], [7]]);
  expect(await idsOf(fitBatches(data, graphFor(2, 2)))).toEqual([
    [0, 1],
    [2, 3],
    [4, 5],
    [6, 7],
  ]);
  expect(await idsOf(fitBatches(data, graphFor(5, 5)))).toEqual([[0, 1, 2, 3, 4]]);
});

test('a model that takes any batch, or whose inputs do not agree, gets them as they are', () => {
  expect(fitBatches(data, graphFor('batch', 'batch'))).toBe(data);
  expect(fitBatches(data, graphFor(1, 'batch'))).toBe(data);
  expect(fitBatches(data, graphFor(1, 2))).toBe(data);
});

test('rows come without padding where a model takes any number and length of them', async () => {
  const padded: CalibrationData = {
    ...data,
    unpadded: async function* () {
      yield await Promise.resolve({ x: { type: 'int64', shape: [1, 1], data: BigInt64Array.of(7n) } });
    },
  };
  const fitted = async (...shape: (number | string)[]): Promise<unknown[]> => {
    const graph = buildGraph('tokens');
    graph.input('x', { type: 'int64', shape });
    return Array.fromAsync(fitBatches(padded, graph.model().graph).batches(), ({ x }) => x?.shape);
  };
  expect(await fitted('batch', 'length')).toEqual([[1, 1]]);
  expect(await fitted('batch', 2)).toHaveLength(rowsOfBatches.length);
  expect((await fitted(1, 'length'))[0]).toEqual([1, 2]);
});
