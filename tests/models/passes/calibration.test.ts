import { expect, test } from 'vitest';
import type { Tensors } from '../../../core/tensor.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { startCalibration, type CalibrationData } from '../../../models/passes/calibration.ts';

test('values inside a graph, its inputs and its outputs come a batch at a time', async () => {
  const calibration = startCalibration(dataOf([1, 2]));
  const found: number[][] = [];
  for await (const batch of calibration.activations(doubledThenSquared(), ['x', 'doubled', 'y']))
    found.push(['x', 'doubled', 'y'].map((name) => Number(batch[name]?.data[0])));
  expect(found).toEqual([
    [1, 2, 4],
    [2, 4, 16],
  ]);
});

test('a batch is not run before it is asked for', async () => {
  const asked: number[] = [];
  const calibration = startCalibration(dataOf([1, 2, 3], (value) => asked.push(value)));
  for await (const batch of calibration.activations(doubledThenSquared(), ['y'])) {
    if (batch.y?.data[0] === 16) break;
  }
  expect(asked).toEqual([1, 2]);
});

test('a value no node makes is refused by name', async () => {
  const calibration = startCalibration(dataOf([1]));
  const walk = calibration.activations(doubledThenSquared(), ['z'])[Symbol.asyncIterator]();
  await expect(walk.next()).rejects.toThrow('The graph has no value "z" to read.');
});

test('data of another shape are refused', async () => {
  const data: CalibrationData = {
    ...dataOf([]),
    batches: () =>
      walkOf([
        [
          [2, 2],
          [1, 2, 3, 4],
        ],
      ]),
  };
  const walk = startCalibration(data).activations(doubledThenSquared(), ['y'])[Symbol.asyncIterator]();
  await expect(walk.next()).rejects.toMatchObject({ code: 'dataset-invalid' });
});

test('a model whose node fails on data that fit its inputs is what failed', async () => {
  const graph = buildGraph('out-of-range');
  const x = graph.input('x', { type: 'float32', shape: [1] });
  const table = graph.initializer('table', { type: 'float32', shape: [1], data: Float32Array.of(1) });
  const at = graph.node('Cast', [x], { attributes: { to: { int: 7 } } });
  graph.node('Gather', [table, at], { name: 'looks up', outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [1] });
  const walk = startCalibration(dataOf([5]))
    .activations(graph.model(), ['y'])
    [Symbol.asyncIterator]();
  await expect(walk.next()).rejects.toMatchObject({
    code: 'model-invalid',
    message: expect.stringMatching(/^The model failed while it ran on the data: .*looks up/u) as string,
  });
});

test('batches of another size than a model was exported for do not fit', async () => {
  const data = { ...dataOf([]), batches: () => walkOf([[[2], [1, 2]]]) };
  const walk = startCalibration(data).activations(doubledThenSquared(), ['y'])[Symbol.asyncIterator]();
  await expect(walk.next()).rejects.toMatchObject({
    code: 'dataset-invalid',
    message:
      'The data do not fit the inputs of the graph: the model\'s input "x" accepts batches of 1, not of 2',
  });
});

function doubledThenSquared(): OnnxModel {
  const graph = buildGraph('doubled');
  const x = graph.input('x', { type: 'float32', shape: [1] });
  graph.node('Add', [x, x], { outputs: ['doubled'] });
  graph.node('Mul', ['doubled', 'doubled'], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [1] });
  return graph.model();
}

function dataOf(
  values: readonly number[],
  onBatch: (value: number) => void = () => undefined,
): CalibrationData {
  const rows = values.map((value) => [[1], [value]] as const);
  return { description: 'numbers', hash: 'numbers', batches: () => walkOf(rows, onBatch) };
}

type Row = readonly [shape: readonly number[], values: readonly number[]];

async function* walkOf(
  rows: readonly Row[],
  onBatch: (value: number) => void = () => undefined,
): AsyncGenerator<Tensors> {
  for (const [shape, values] of rows) {
    onBatch(values[0] ?? NaN);
    yield await Promise.resolve({ x: { type: 'float32', shape, data: Float32Array.from(values) } });
  }
}
