import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { quantizeStatic } from '../../../models/passes/quantize-static.ts';
import { drawnTensor } from '../drawn-tensor.ts';
import { runModel, signalToErrorDb } from '../run-model.ts';
import { drawnCalibration } from './small-calibration.ts';

const settings = { activations: 'uint8', ranges: 'min-max', reduceRange: false };

test.for([
  { inputs: 16, hidden: 16, granularity: 'per-channel', tensors: 2 },
  { inputs: 16, hidden: 32, granularity: 'per-channel', tensors: 2 },
  { inputs: 16, hidden: 32, granularity: 'per-tensor', tensors: 1 },
])(
  'a weight of $inputs x $hidden that is read plain and transposed is $tensors, $granularity, and right',
  async ({ tensors, granularity, ...sizes }) => {
    const source = tiedAutoencoder(sizes);
    const made = await quantize(source, granularity);
    expect(made.graph.initializer.filter(({ name }) => name.startsWith('w_quantized'))).toHaveLength(tensors);
    expect(signalToErrorDb(await runModel(source, 5), await runModel(made, 5))).toBeGreaterThan(25);
  },
);

test('as many numbers as channels that are added one a row are not taken for one a channel', async () => {
  const graph = buildGraph('rows');
  const random = createRandom(3);
  const x = graph.input('x', { type: 'float32', shape: [3, 4] });
  const plain = graph.node('Gemm', [x, graph.initializer('v', drawnTensor(random, [4, 3]))]);
  const column = graph.initializer(
    'column',
    drawnTensor(random, [3, 1], () => 10),
  );
  graph.node('Gemm', [plain, graph.initializer('w', drawnTensor(random, [3, 3])), column], {
    outputs: ['y'],
  });
  graph.output('y', { type: 'float32', shape: [3, 3] });
  const source = graph.model();
  const made = await quantize(source, 'per-channel');
  expect(signalToErrorDb(await runModel(source, 5), await runModel(made, 5))).toBeGreaterThan(25);
});

async function quantize(source: OnnxModel, granularity: string): Promise<OnnxModel> {
  const outcome = await quantizeStatic.apply(source, { ...settings, granularity }, drawnCalibration(source));
  if (outcome.status !== 'applied') throw new Error(outcome.reason);
  return outcome.model;
}

/** One weight, the columns of which are far apart in size, there and back. */
function tiedAutoencoder({ inputs, hidden }: { inputs: number; hidden: number }): OnnxModel {
  const graph = buildGraph('tied');
  const random = createRandom(7);
  const x = graph.input('x', { type: 'float32', shape: ['batch', inputs] });
  const unevenly = (at: number): number => 10 ** ((4 * (at % hidden)) / hidden);
  const w = graph.initializer('w', drawnTensor(random, [inputs, hidden], unevenly));
  const there = graph.initializer('there', drawnTensor(random, [hidden]));
  const back = graph.initializer('back', drawnTensor(random, [inputs]));
  const code = graph.node('Tanh', [graph.node('Gemm', [x, w, there], { outputs: ['h'] })]);
  graph.node('Gemm', [code, w, back], { attributes: { transB: { int: 1 } }, outputs: ['y'] });
  for (const [name, size] of [
    ['y', inputs],
    ['h', hidden],
  ] as const)
    graph.output(name, { type: 'float32', shape: ['batch', size] });
  return graph.model();
}
