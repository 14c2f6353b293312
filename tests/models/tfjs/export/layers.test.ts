import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { createRandom } from '../../../../core/random.ts';
import { elementCount } from '../../../../core/tensor.ts';
import { exportOnnx } from '../../../../models/tfjs/export/export-onnx.ts';
import { layerExports } from '../../../../models/tfjs/export/registry.ts';
import { expectSame, floats, randomize, runOnnx, storedModel, type Feed } from './exported.ts';

beforeAll(() => setBackend('cpu'));

type Layer = SymbolicTensor['sourceLayer'];

/** A layer, and the shape of its only input without the batch. */
type Case = [kind: string, make: () => Layer, shape: (number | null)[]];

const image = [7, 6, 3];
const first = [3, 7, 6];
const sequence = [9, 5];
const same = { padding: 'same' } as const;
const channelsFirst = { dataFormat: 'channelsFirst' } as const;

const cases: Case[] = [
  ['Dense of rows', () => layers.dense({ units: 4 }), [5]],
  ['Dense without bias', () => layers.dense({ units: 4, useBias: false }), [5]],
  ['Dense of a sequence', () => layers.dense({ units: 4, activation: 'tanh' }), sequence],
  ['Dense of images', () => layers.dense({ units: 4, useBias: false, activation: 'softmax' }), image],
  ['Conv1D', () => layers.conv1d({ filters: 4, kernelSize: 3 }), sequence],
  [
    'Conv1D, same, strides',
    () => layers.conv1d({ filters: 4, kernelSize: 3, strides: 2, ...same }),
    sequence,
  ],
  ['Conv1D, dilated', () => layers.conv1d({ filters: 4, kernelSize: 3, dilationRate: 2, ...same }), sequence],
  [
    'Conv1D of open length',
    () => layers.conv1d({ filters: 4, kernelSize: 4, strides: 2, ...same }),
    [null, 5],
  ],
  ['Conv2D', () => layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }), image],
  ['Conv2D, same', () => layers.conv2d({ filters: 4, kernelSize: [2, 3], ...same }), image],
  [
    'Conv2D, same, strides',
    () => layers.conv2d({ filters: 4, kernelSize: 3, strides: [2, 3], ...same }),
    image,
  ],
  ['Conv2D, strides', () => layers.conv2d({ filters: 4, kernelSize: 2, strides: 2, useBias: false }), image],
  ['Conv2D, dilated', () => layers.conv2d({ filters: 4, kernelSize: 2, dilationRate: [2, 3] }), image],
  [
    'Conv2D, dilated, same',
    () => layers.conv2d({ filters: 4, kernelSize: 3, dilationRate: 2, ...same }),
    image,
  ],
  ['Conv2D, softmax', () => layers.conv2d({ filters: 4, kernelSize: 2, activation: 'softmax' }), image],
  [
    'Conv2D, channels first',
    () => layers.conv2d({ filters: 4, kernelSize: 3, ...same, ...channelsFirst }),
    first,
  ],
  [
    'Conv2D, channels first, softmax over the width',
    () => layers.conv2d({ filters: 4, kernelSize: 3, activation: 'softmax', ...channelsFirst }),
    first,
  ],
  [
    'Conv2D of open size',
    () => layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, ...same }),
    [null, null, 3],
  ],
  ['DepthwiseConv2D', () => layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }), image],
  ['DepthwiseConv2D, same', () => layers.depthwiseConv2d({ kernelSize: 3, strides: 2, ...same }), image],
  [
    'DepthwiseConv2D, dilated in vain',
    () => layers.depthwiseConv2d({ kernelSize: 2, dilationRate: 2 }),
    image,
  ],
  [
    'DepthwiseConv2D, channels first',
    () => layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 3, useBias: false, ...channelsFirst }),
    first,
  ],
  ['SeparableConv2D', () => layers.separableConv2d({ filters: 5, kernelSize: 3, activation: 'elu' }), image],
  [
    'SeparableConv2D, same, strides',
    () => layers.separableConv2d({ filters: 5, kernelSize: 3, strides: 2, ...same }),
    image,
  ],
  ['Conv2DTranspose', () => layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2 }), image],
  [
    'Conv2DTranspose, same',
    () => layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, ...same }),
    image,
  ],
  ['Conv2DTranspose, gaps', () => layers.conv2dTranspose({ filters: 4, kernelSize: 2, strides: 3 }), image],
  [
    'Conv2DTranspose, even kernel',
    () => layers.conv2dTranspose({ filters: 4, kernelSize: 4, strides: 1, ...same }),
    image,
  ],
  ['MaxPooling1D', () => layers.maxPooling1d({ poolSize: 3, strides: 2, ...same }), sequence],
  ['MaxPooling2D', () => layers.maxPooling2d({ poolSize: 2 }), image],
  ['MaxPooling2D, same', () => layers.maxPooling2d({ poolSize: 3, strides: 2, ...same }), image],
  ['MaxPooling2D, channels first', () => layers.maxPooling2d({ poolSize: [2, 3], ...channelsFirst }), first],
  ['AveragePooling1D', () => layers.averagePooling1d({ poolSize: 2 }), sequence],
  ['AveragePooling2D', () => layers.averagePooling2d({ poolSize: [3, 2], strides: [1, 2] }), image],
  ['AveragePooling2D, same', () => layers.averagePooling2d({ poolSize: 3, strides: 2, ...same }), image],
  ['AveragePooling2D of open size', () => layers.averagePooling2d({ poolSize: 3, ...same }), [null, null, 3]],
  ['GlobalMaxPooling1D', () => layers.globalMaxPooling1d({}), sequence],
  ['GlobalAveragePooling1D', () => layers.globalAveragePooling1d({}), [null, 5]],
  ['GlobalMaxPooling2D', () => layers.globalMaxPooling2d({}), image],
  ['GlobalAveragePooling2D', () => layers.globalAveragePooling2d(channelsFirst), first],
  ['BatchNormalization of rows', () => layers.batchNormalization({}), [5]],
  ['BatchNormalization of a sequence', () => layers.batchNormalization({ epsilon: 0.1 }), sequence],
  ['BatchNormalization of images', () => layers.batchNormalization({ scale: false }), image],
  ['LayerNormalization', () => layers.layerNormalization({ epsilon: 1e-5 }), sequence],
  [
    'LayerNormalization of several axes',
    () => layers.layerNormalization({ axis: [2, 3], center: false }),
    image,
  ],
  ['LayerNormalization without scale', () => layers.layerNormalization({ scale: false }), [5]],
  ['LeakyReLU', () => layers.leakyReLU({ alpha: 0.15 }), image],
  ['PReLU', () => layers.prelu({}), sequence],
  ['PReLU, shared', () => layers.prelu({ sharedAxes: [1, 2] }), image],
  ['ELU', () => layers.elu({}), [5]],
  ['ThresholdedReLU', () => layers.thresholdedReLU({ theta: 0.4 }), [5]],
  ['ReLU', () => layers.reLU({}), [5]],
  ['ReLU with a maximum', () => layers.reLU({ maxValue: 0.7 }), [5]],
  ['Softmax', () => layers.softmax({ axis: -1 }), sequence],
  ['Softmax of rows', () => layers.softmax({}), [5]],
  ['Flatten', () => layers.flatten(), image],
  ['Flatten, channels first', () => layers.flatten(channelsFirst), first],
  ['Reshape', () => layers.reshape({ targetShape: [6, 21] }), image],
  ['Reshape with what is left', () => layers.reshape({ targetShape: [-1, 6] }), image],
  ['Reshape of open length', () => layers.reshape({ targetShape: [-1, 1, 5] }), [null, 5]],
  ['Permute', () => layers.permute({ dims: [2, 1, 3] }), image],
  ['Permute to channels first', () => layers.permute({ dims: [3, 1, 2] }), image],
  ['Permute to channels last', () => layers.permute({ dims: [2, 3, 1] }), image],
  ['Permute of two axes', () => layers.permute({ dims: [2, 1] }), sequence],
  ['RepeatVector', () => layers.repeatVector({ n: 3 }), [5]],
  ['Rescaling', () => layers.rescaling({ scale: 0.3, offset: -1 }), image],
  ['Rescaling without offset', () => layers.rescaling({ scale: 2 }), [5]],
  [
    'ZeroPadding2D',
    () =>
      layers.zeroPadding2d({
        padding: [
          [1, 2],
          [0, 3],
        ],
      }),
    image,
  ],
  ['ZeroPadding2D, channels first', () => layers.zeroPadding2d({ padding: 1, ...channelsFirst }), first],
  [
    'Cropping2D',
    () =>
      layers.cropping2D({
        cropping: [
          [1, 0],
          [2, 1],
        ],
      }),
    image,
  ],
  ['Cropping2D, channels first', () => layers.cropping2D({ cropping: 1, ...channelsFirst }), first],
  ['UpSampling2D', () => layers.upSampling2d({ size: [2, 3] }), image],
  ['UpSampling2D, bilinear', () => layers.upSampling2d({ interpolation: 'bilinear' }), image],
  ['UpSampling2D, channels first', () => layers.upSampling2d({ ...channelsFirst }), first],
  ['Dropout', () => layers.dropout({ rate: 0.5 }), image],
  ['SpatialDropout1D', () => layers.spatialDropout1d({ rate: 0.5 }), sequence],
  ['GaussianNoise', () => layers.gaussianNoise({ stddev: 1 }), [5]],
  ['GaussianDropout', () => layers.gaussianDropout({ rate: 0.5 }), [5]],
  ['AlphaDropout', () => layers.alphaDropout({ rate: 0.5 }), [5]],
  ...(
    [
      ...['elu', 'gelu', 'hardSigmoid', 'linear', 'logSoftmax', 'mish', 'relu', 'relu6'],
      ...['selu', 'sigmoid', 'softmax', 'softplus', 'softsign', 'swish', 'tanh'],
    ] as 'relu'[]
  ).map((activation): Case => [
    `Activation ${activation}`,
    () => layers.activation({ activation }),
    sequence,
  ]),
];

test.for(cases)('%s puts out what TF.js puts out', async ([, make, shape]) => {
  const start = input({ shape, name: 'x' });
  const network = randomize(model({ inputs: start, outputs: make().apply(start) as SymbolicTensor }));
  const sizes = shape.map((size) => size ?? 8);
  await expectSame(network, [floats([2, ...sizes], createRandom(2))]);
});

// The cpu and wasm kernels of TF.js 4.22 read the statistics along the last axis, whichever the layer names.
test.for([
  [1, [3, 7, 6]],
  [2, [7, 3, 6]],
] as const)('BatchNormalization along axis %i scales and shifts along that axis', async ([axis, shape]) => {
  const start = input({ shape: [...shape], name: 'x' });
  const layer = layers.batchNormalization({ axis, epsilon: 0.01 });
  const network = randomize(model({ inputs: start, outputs: layer.apply(start) as SymbolicTensor }));
  const [gamma, beta, mean, variance] = network.getWeights().map((weight) => weight.dataSync());
  const feed = floats([2, ...shape], createRandom(4));
  const { model: exported } = await exportOnnx(await storedModel(network));
  const [output] = await runOnnx(exported, [feed]);
  const inner = elementCount(shape.slice(axis));
  const expected = feed.data.map((value, index) => {
    const channel = Math.floor(index / inner) % 3;
    const centred = (value - (mean?.[channel] ?? NaN)) / Math.sqrt((variance?.[channel] ?? NaN) + 0.01);
    return centred * (gamma?.[channel] ?? NaN) + (beta?.[channel] ?? NaN);
  });
  for (const [index, value] of (output?.values ?? []).entries())
    expect(value).toBeCloseTo(expected[index] ?? NaN, 5);
});

/** A layer of two or three inputs, and their shapes without the batch. */
const merges: [kind: string, make: () => Layer, shapes: number[][]][] = [
  [
    'Add',
    () => layers.add(),
    [
      [4, 5],
      [4, 5],
      [4, 5],
    ],
  ],
  ['Add of other ranks', () => layers.add(), [[5], [4, 5]]],
  [
    'Multiply, broadcast',
    () => layers.multiply(),
    [
      [4, 5],
      [1, 5],
    ],
  ],
  ['Average', () => layers.average(), [[5], [5], [5]]],
  ['Maximum', () => layers.maximum(), [[5], [5]]],
  ['Minimum', () => layers.minimum(), [[5], [5], [5]]],
  [
    'Concatenate',
    () => layers.concatenate(),
    [
      [4, 5],
      [4, 2],
    ],
  ],
  [
    'Concatenate along the first axis',
    () => layers.concatenate({ axis: 1 }),
    [
      [4, 5],
      [3, 5],
    ],
  ],
  ['Dot of rows', () => layers.dot({ axes: 1 }), [[5], [5]]],
  ['Dot of rows of length 1', () => layers.dot({ axes: -1, normalize: true }), [[5], [5]]],
  [
    'Dot of sequences',
    () => layers.dot({ axes: [2, 2] }),
    [
      [4, 5],
      [3, 5],
    ],
  ],
  [
    'Dot, left turned',
    () => layers.dot({ axes: [1, 1] }),
    [
      [4, 5],
      [4, 3],
    ],
  ],
  [
    'Dot, right turned',
    () => layers.dot({ axes: [2, 1], normalize: true }),
    [
      [4, 5],
      [5, 3],
    ],
  ],
  ['Dot of a sequence and a row', () => layers.dot({ axes: [2, 1] }), [[4, 5], [5]]],
  ['Dot of a row and a sequence', () => layers.dot({ axes: [1, 2] }), [[5], [4, 5]]],
];

test.for(merges)('%s puts out what TF.js puts out', async ([, make, shapes]) => {
  const starts = shapes.map((shape, index) => input({ shape, name: `x${index}` }));
  const network = model({ inputs: starts, outputs: make().apply(starts) as SymbolicTensor });
  const random = createRandom(3);
  await expectSame(
    network,
    shapes.map((shape) => floats([2, ...shape], random)),
  );
});

test.for(['float32', 'int32'] as const)('Embedding of %s ids puts out what TF.js puts out', async (dtype) => {
  const start = input({ shape: [null], dtype, name: 'ids' });
  const table = layers.embedding({ inputDim: 11, outputDim: 4 });
  const network = randomize(model({ inputs: start, outputs: table.apply(start) as SymbolicTensor }));
  const ids = [3, 10, 0, 7, 7, 1];
  const data = dtype === 'int32' ? Int32Array.from(ids) : Float32Array.from(ids);
  const feed: Feed = { type: dtype, shape: [2, 3], data };
  expect(await expectSame(network, [feed])).toEqual(dtype === 'int32' ? ['Gather'] : ['Cast', 'Gather']);
});

test('every layer that is exported is held against TF.js here', () => {
  const made = [...cases, ...merges].map(([, make]) => make().getClassName());
  expect(Object.keys(layerExports).toSorted()).toEqual([...new Set([...made, 'Embedding'])].toSorted());
});
