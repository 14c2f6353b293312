import { tensor, tensor4d } from '@tensorflow/tfjs-core';
import {
  input,
  layers as layerKinds,
  model,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import type { Tensor } from '../../core/tensor.ts';
import { buildGraph, type GraphBuilder } from '../onnx/builder.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { appendDense, applyDense, denseLayers, type DenseLayer, type Ends } from './mlp-forms.ts';
import { storedParameter, type Parameters } from './parameters.ts';

type Float32Tensor = Extract<Tensor, { type: 'float32' }>;

/** A 3 by 3 convolution with its trained values: kernel [3, 3, channels in, channels out], bias [channels out]. */
interface Convolution {
  name: string;
  kernel: Float32Tensor;
  bias: Float32Tensor;
}

/** The trained layers of the network, in TF.js's order of axes. */
interface CnnLayers {
  side: number;
  convolutions: readonly Convolution[];
  dense: readonly DenseLayer[];
}

/** Reads the trained layers of `cnnStarts`. */
export function cnnLayers(parameters: Parameters, side: number): CnnLayers {
  const convolutions = ['conv_1', 'conv_2'].map((name) => {
    const kernel = storedParameter(parameters, `${name}/kernel`);
    const [patch = 0, channels = 0] = kernel.shape;
    const bias = storedParameter(parameters, `${name}/bias`);
    return { name, kernel: { ...kernel, shape: [3, 3, patch / 9, channels] }, bias };
  });
  return { side, convolutions, dense: denseLayers(parameters, ['hidden', 'output']) };
}

/** The network as ONNX, images [batch, 1, side, side]. */
export function cnnOnnx(name: string, { side, convolutions, dense }: CnnLayers, ends: Ends): OnnxModel {
  const graph = buildGraph(name);
  const [classes = 0] = dense.at(-1)?.bias.shape ?? [];
  const images = graph.input(ends.input, { type: 'float32', shape: ['batch', 1, side, side] });
  const maps = convolutions.reduce((value, one) => appendConvolution(graph, one, value), images);
  const attributes = { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } };
  const pooled = graph.node('MaxPool', [maps], { name: 'pool', outputs: ['pool/maximum'], attributes });
  const flat = graph.node('Flatten', [pooled], { name: 'flatten', outputs: ['flatten/row'] });
  appendDense(graph, { layers: channelsFirst(dense, side / 2), ends, start: flat });
  graph.output(ends.output, { type: 'float32', shape: ['batch', classes] });
  return graph.model();
}

function appendConvolution(graph: GraphBuilder, { name, kernel, bias }: Convolution, value: string): string {
  const attributes = { kernel_shape: { ints: [3, 3] }, pads: { ints: [1, 1, 1, 1] } };
  const stored = graph.initializer(`${name}/kernel`, outputsFirst(kernel));
  const inputs = [value, stored, graph.initializer(`${name}/bias`, bias)];
  const sums = graph.node('Conv', inputs, { name, outputs: [`${name}/sum`], attributes });
  return graph.node('Relu', [sums], { name: `${name}/relu`, outputs: [`${name}/active`] });
}

/** [3, 3, in, out] to ONNX's [out, in, 3, 3]. */
function outputsFirst(kernel: Float32Tensor): Float32Tensor {
  const [height = 0, width = 0, channelsIn = 0, channelsOut = 0] = kernel.shape;
  return permuteRows(kernel, {
    shape: [channelsOut, channelsIn, height, width],
    source: (index) => {
      const place = index % (height * width);
      const channel = Math.floor(index / (height * width)) % channelsIn;
      const filter = Math.floor(index / (height * width * channelsIn));
      return (place * channelsIn + channel) * channelsOut + filter;
    },
  });
}

/** Reorders the rows of the first dense layer: TF.js flattens [row, column, channel], ONNX [channel, row, column]. */
function channelsFirst(dense: readonly DenseLayer[], side: number): DenseLayer[] {
  return dense.map((layer, position) => {
    if (position > 0) return layer;
    const [inputs = 0, outputs = 0] = layer.kernel.shape;
    const channels = inputs / side ** 2;
    const source = (index: number): number => {
      const row = Math.floor(index / outputs);
      const [channel, place] = [Math.floor(row / side ** 2), row % side ** 2];
      return (place * channels + channel) * outputs + (index % outputs);
    };
    return { ...layer, kernel: permuteRows(layer.kernel, { shape: layer.kernel.shape, source }) };
  });
}

interface Permutation {
  shape: readonly number[];
  /** Where the value at an index comes from. */
  source: (index: number) => number;
}

function permuteRows(from: Float32Tensor, { shape, source }: Permutation): Float32Tensor {
  return {
    type: 'float32',
    shape,
    data: from.data.map((_, index) => from.data[source(index)] ?? Number.NaN),
  };
}

/** The network as a TF.js layers model, which takes the images as ONNX does and turns their axes itself. */
export function cnnTfjs(name: string, { side, convolutions, dense }: CnnLayers, ends: Ends): LayersModel {
  const images = input({ shape: [1, side, side], name: ends.input });
  const channelsLast = layerKinds.permute({ dims: [2, 3, 1], name: 'channels_last' }).apply(images);
  const maps = convolutions.reduce(applyConvolution, channelsLast as SymbolicTensor);
  const pooled = layerKinds.maxPooling2d({ poolSize: 2, strides: 2, name: 'pool' }).apply(maps);
  const flat = layerKinds.flatten({ name: 'flatten' }).apply(pooled) as SymbolicTensor;
  return model({ name, inputs: images, outputs: applyDense(dense, ends, flat) });
}

function applyConvolution(maps: SymbolicTensor, { name, kernel, bias }: Convolution): SymbolicTensor {
  const filters = bias.data.length;
  const layer = layerKinds.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', name });
  const applied = layer.apply(maps) as SymbolicTensor;
  const shape = kernel.shape as [number, number, number, number];
  layer.setWeights([tensor4d(kernel.data, shape), tensor(bias.data)]);
  return applied;
}
