import { expect, test } from 'vitest';
import { joinTensors } from '../../../core/join-rows.ts';
import type { Tensors } from '../../../core/tensor.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import type { OnnxGraph, OnnxModel } from '../../../models/onnx/model.ts';
import type { CalibrationData } from '../../../models/passes/calibration.ts';
import { findExtremes } from '../../../models/passes/extremes.ts';
import type { Range } from '../../../models/passes/histogram.ts';
import { groupBatches } from '../../../models/passes/join-batches.ts';
import { catalogModel } from './catalog-calibration.ts';

function dataOf(...shapes: readonly [rows: number, width: number][]): CalibrationData {
  return {
    description: 'rows',
    hash: 'rows',
    batches: async function* () {
      let next = 0;
      for (const [rows, width] of shapes) {
        const data = Float32Array.from({ length: rows * width }, () => next++);
        yield await Promise.resolve({ x: { type: 'float32', shape: [rows, width], data } } as const);
      }
    },
  };
}

function graphOf(rows: number | string): OnnxGraph {
  const graph = buildGraph('rows');
  graph.input('x', { type: 'float32', shape: [rows, 'width'] });
  return graph.model().graph;
}

test.for([
  [
    'alike, up to 64 rows',
    [
      [24, 2],
      [24, 2],
      [24, 2],
      [3, 2],
    ],
    ['48x2', '24x2', '3x2'],
  ],
  [
    'of another width or number of rows',
    [
      [4, 2],
      [4, 3],
      [4, 3],
      [2, 3],
    ],
    ['4x2', '8x3', '2x3'],
  ],
  [
    'of large samples',
    [
      [2, 20_000],
      [1, 20_000],
      [1, 20_000],
      [1, 20_000],
      [1, 20_000],
    ],
    ['2x20000', '3x20000', '1x20000'],
  ],
  [
    'larger than 64 rows',
    [
      [72, 1],
      [72, 1],
    ],
    ['72x1', '72x1'],
  ],
] as const)('batches %s are one call each in their order', async ([, shapes, expected]) => {
  const data = dataOf(...shapes.map(([rows, width]) => [rows, width] as [number, number]));
  const joined = (await Array.fromAsync(groupBatches(data, graphOf('rows')))).map((group) =>
    joinTensors(group),
  );
  expect(joined.map(({ x }) => x?.shape.join('x'))).toEqual(expected);
  const valuesOf = (batches: readonly Tensors[]): number[] =>
    batches.flatMap(({ x }) => Array.from(x?.data as Float32Array));
  expect(valuesOf(joined)).toEqual(valuesOf(await Array.fromAsync(data.batches())));
});

test('a model of a fixed number of rows gets its batches as they are', async () => {
  const data = dataOf([4, 2], [4, 2]);
  const groups = await Array.fromAsync(groupBatches(data, graphOf(4)));
  expect(groups.map((group) => group.map(({ x }) => x?.shape))).toEqual([[[4, 2]], [[4, 2]]]);
});

const union = (known: Range, found: Range): Range => ({
  low: Math.min(known.low, found.low),
  high: Math.max(known.high, found.high),
});

test('a model that takes but one number of rows, whatever it declares, is called on batches as they are', async () => {
  const graph = buildGraph('bias of each row');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2] });
  const data = Float32Array.from({ length: 8 }, (_, at) => at);
  const bias = graph.initializer('bias', { type: 'float32', shape: [4, 2], data });
  graph.node('Relu', [graph.node('Add', [x, bias], { outputs: ['sum'] })], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 2] });
  const request = { names: ['x', 'sum', 'y'], merge: union, isByBatch: false };
  expect(await findExtremes(graph.model(), dataOf([4, 2], [4, 2]), request)).toEqual(
    new Map([
      ['x', { low: 0, high: 15 }],
      ['sum', { low: 0, high: 22 }],
      ['y', { low: 0, high: 22 }],
    ]),
  );
});

test.for([
  ['fails on an index beyond a table', [[4], [9], [4, 4], [4]], /failed while it ran on the data/, 3],
  ['puts out what is infinite', [[4], [4], [4], [Infinity]], /NaN or infinite/, 4],
] as const)('data on which a model %s are walked once, up to there', async ([, values, message, walked]) => {
  const read: number[] = [];
  const data: CalibrationData = {
    ...dataOf(),
    batches: async function* () {
      for (const [index, batch] of values.entries()) {
        read.push(index);
        const x = { type: 'float32', shape: [batch.length], data: Float32Array.from(batch) } as const;
        yield await Promise.resolve({ x });
      }
    },
  };
  const request = { names: ['picked', 'y'], merge: union, isByBatch: false };
  await expect(findExtremes(tableOf(8), data, request)).rejects.toThrow(message);
  expect(read).toEqual(Array.from({ length: walked }, (_, index) => index));
});

/** Picks one of so many numbers by each value, or by 1 where that is infinite, and adds it. */
function tableOf(count: number): OnnxModel {
  const graph = buildGraph('table');
  const x = graph.input('x', { type: 'float32', shape: ['batch'] });
  const data = Float32Array.from({ length: count }, (_, at) => at);
  const table = graph.initializer('table', { type: 'float32', shape: [count], data });
  const one = graph.initializer('one', { type: 'float32', shape: [], data: Float32Array.of(1) });
  const finite = graph.node('Where', [graph.node('IsInf', [x]), one, x]);
  const index = graph.node('Cast', [finite], { attributes: { to: { int: 7 } } });
  const picked = graph.node('Gather', [table, index], { outputs: ['picked'] });
  graph.node('Add', [picked, x], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch'] });
  return graph.model();
}

test.for(['cars-mlp', 'digits-cnn'])(
  'the extremes of the values of %s are equal to the bit with batches joined and apart',
  async (id) => {
    const { source, calibration } = await catalogModel(id);
    const request = {
      names: source.graph.node.flatMap(({ output }) => output),
      merge: union,
    };
    const groups = await Array.fromAsync(groupBatches(calibration, source.graph));
    expect(groups.some((group) => group.length > 1)).toBe(true);
    expect(await findExtremes(source, calibration, { ...request, isByBatch: false })).toEqual(
      await findExtremes(source, calibration, { ...request, isByBatch: true }),
    );
  },
);
