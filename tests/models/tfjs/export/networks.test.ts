import '@tensorflow/tfjs-backend-cpu';
import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../../core/random.ts';
import { startTrainingBackend } from '../../../../models/train/backend.ts';
import { exportOnnx } from '../../../../models/tfjs/export/export-onnx.ts';
import { expectSame, floats, randomize, storedModel } from './exported.ts';

beforeAll(() => setBackend('cpu'));

function apply(
  layer: { apply: (inputs: SymbolicTensor[]) => unknown },
  ...inputs: SymbolicTensor[]
): SymbolicTensor {
  return layer.apply(inputs) as SymbolicTensor;
}

async function namesOf(
  network: LayersModel,
): Promise<{ inputs: string[]; outputs: string[]; weights: number }> {
  const { graph } = (await exportOnnx(await storedModel(network))).model;
  const [inputs, outputs] = [graph.input, graph.output].map((ports) => ports.map(({ name }) => name));
  return { inputs: inputs ?? [], outputs: outputs ?? [], weights: graph.initializer.length };
}

test('a convolutional network turns its axes once at each end, and not between its layers', async () => {
  const network = sequential({ name: 'images' });
  network.add(
    layers.conv2d({ inputShape: [9, 9, 2], filters: 4, kernelSize: 3, padding: 'same', useBias: false }),
  );
  network.add(layers.batchNormalization({}));
  network.add(layers.activation({ activation: 'relu' }));
  network.add(layers.depthwiseConv2d({ kernelSize: 3, activation: 'relu6' }));
  network.add(layers.maxPooling2d({ poolSize: 2 }));
  network.add(layers.dropout({ rate: 0.3 }));
  network.add(layers.flatten());
  network.add(layers.dense({ units: 5, activation: 'softmax' }));
  const operators = await expectSame(randomize(network), [floats([3, 9, 9, 2], createRandom(1))]);
  expect(operators).toEqual(
    'Transpose Conv BatchNormalization Relu Conv Clip MaxPool Transpose Flatten Gemm Softmax'.split(' '),
  );
});

test('residual sums and joined channels keep the order of axes of the convolutions around them', async () => {
  const start = input({ shape: [6, 6, 3], name: 'image' });
  const conv = (filters: number) => layers.conv2d({ filters, kernelSize: 3, padding: 'same' });
  const first = apply(conv(4), start);
  const sum = apply(layers.add(), first, apply(conv(4), first));
  const joined = apply(layers.concatenate(), sum, apply(conv(2), sum));
  const network = model({ inputs: start, outputs: apply(layers.globalAveragePooling2d({}), joined) });
  const operators = await expectSame(randomize(network), [floats([2, 6, 6, 3], createRandom(1))]);
  expect(operators).toEqual('Transpose Conv Conv Add Conv Concat GlobalAveragePool Flatten'.split(' '));
});

test('a layer that is called twice keeps one set of weights, and two inputs and outputs their names', async () => {
  const [left, right] = [input({ shape: [5], name: 'left' }), input({ shape: [5], name: 'right' })];
  const shared = layers.dense({ units: 3, name: 'shared' });
  const [one, two] = [apply(shared, left), apply(shared, right)];
  const distance = apply(layers.dot({ axes: 1, name: 'likeness' }), one, two);
  const network = randomize(model({ inputs: [left, right], outputs: [distance, two] }));
  const random = createRandom(1);
  await expectSame(network, [floats([4, 5], random), floats([4, 5], random)]);
  expect(await namesOf(network)).toEqual({
    inputs: ['left', 'right'],
    outputs: ['likeness', 'shared'],
    weights: 3,
  });
});

test('outputs that TF.js calls alike, and one that is an input, get names of their own', async () => {
  const [left, right] = [input({ shape: [5], name: 'left' }), input({ shape: [5], name: 'right' })];
  const shared = layers.dense({ units: 3, name: 'shared' });
  const network = randomize(
    model({ inputs: [left, right], outputs: [apply(shared, left), apply(shared, right), left] }),
  );
  const random = createRandom(1);
  await expectSame(network, [floats([4, 5], random), floats([4, 5], random)]);
  expect((await namesOf(network)).outputs).toEqual(['shared', 'shared_1', 'left_1']);
});

test('a model inside a model, called twice, is written out with one set of weights', async () => {
  const inner = sequential({ name: 'tower' });
  inner.add(layers.dense({ inputShape: [5], units: 4, activation: 'relu', name: 'hidden' }));
  inner.add(layers.dense({ units: 3, name: 'code' }));
  const [left, right] = [input({ shape: [5], name: 'left' }), input({ shape: [5], name: 'right' })];
  const joined = apply(layers.concatenate(), apply(inner, left), apply(inner, right));
  const network = randomize(model({ inputs: [left, right], outputs: joined }));
  const random = createRandom(1);
  await expectSame(network, [floats([4, 5], random), floats([4, 5], random)]);
  const { graph } = (await exportOnnx(await storedModel(network))).model;
  expect(graph.initializer.map(({ name }) => name)).toEqual([
    'tower/hidden/kernel',
    'tower/hidden/bias',
    'tower/code/kernel',
    'tower/code/bias',
  ]);
});

test('a layer ONNX cannot have is named, with those that can be', async () => {
  const start = input({ shape: [4, 5], name: 'x' });
  const network = model({
    inputs: start,
    outputs: apply(layers.lstm({ units: 3, name: 'memory', recurrentInitializer: 'zeros' }), start),
  });
  const refused = exportOnnx(await storedModel(network));
  await expect(refused).rejects.toThrow('Layer "memory" (LSTM) cannot become ONNX.');
  await expect(refused).rejects.toMatchObject({
    hint: expect.stringMatching(/Layers that can: Activation, Add, .*ZeroPadding2D, and models/) as string,
  });
});

test.for([
  [
    'Conv1D with channels first',
    layers.conv1d({ filters: 2, kernelSize: 2, dataFormat: 'channelsFirst' }),
    [5, 4],
    'channels first',
  ],
  [
    'SeparableConv2D with channels first',
    layers.separableConv2d({ filters: 2, kernelSize: 2, dataFormat: 'channelsFirst' }),
    [3, 5, 5],
    'channels first',
  ],
  [
    'LayerNormalization of a first axis',
    layers.layerNormalization({ axis: 1 }),
    [4, 5],
    'normalises axes 1 of 3; the last ones in order are exported',
  ],
] as const)('%s is refused with what stands against it', async ([, layer, shape, why]) => {
  const start = input({ shape: [...shape], name: 'x' });
  const stored = await storedModel(model({ inputs: start, outputs: layer.apply(start) as SymbolicTensor }));
  // What TF.js leaves out when it saves a model, files from Keras have.
  const text = JSON.stringify(stored.file.modelTopology).replace(
    '"filters":2',
    '"filters":2,"data_format":"channels_first"',
  );
  const modelTopology = JSON.parse(text) as Record<string, unknown>;
  await expect(exportOnnx({ ...stored, file: { ...stored.file, modelTopology } })).rejects.toThrow(why);
});

test('a graph model and a topology TF.js cannot read are refused', async () => {
  const graph = { file: { modelTopology: { node: [] }, weightsManifest: [] }, groups: [] };
  await expect(exportOnnx(graph)).rejects.toThrow(
    'It is a TensorFlow graph; a layers model can become ONNX.',
  );
  const unknown = {
    class_name: 'Model',
    config: { name: 'x', layers: [{ class_name: 'Abacus', config: {} }] },
  };
  const topology = { file: { modelTopology: unknown, weightsManifest: [] }, groups: [] };
  await expect(exportOnnx(topology)).rejects.toThrow(/TF\.js cannot read the model: .*Abacus/);
});

test('layers as Keras 3 writes them are refused with what TF.js takes', async () => {
  const input = { class_name: 'InputLayer', config: { batch_shape: [null, 4], name: 'x' } };
  const dense = { class_name: 'Dense', config: { units: 2, name: 'y' } };
  const written = { class_name: 'Sequential', config: { name: 'mine', layers: [input, dense] } };
  const model = { file: { modelTopology: written, weightsManifest: [] }, groups: [] };
  await expect(exportOnnx(model)).rejects.toThrow(
    /An InputLayer should be passed .*\. TF\.js has the layers of Keras 2, .* --output_format=tfjs_graph_model$/,
  );
});

test('an export leaves the backend as it was', async () => {
  await startTrainingBackend();
  const start = input({ shape: [5], name: 'x' });
  await exportOnnx(
    await storedModel(model({ inputs: start, outputs: apply(layers.dense({ units: 2 }), start) })),
  );
  expect(getBackend()).toBe('wasm');
});
