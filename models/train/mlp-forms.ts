import { tensor } from '@tensorflow/tfjs-core';
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
import { storedParameter, type Parameters } from './parameters.ts';

type Float32Tensor = Extract<Tensor, { type: 'float32' }>;

/** A dense layer with its trained values: kernel [inputs, outputs], bias [outputs]. */
export interface DenseLayer {
  name: string;
  kernel: Float32Tensor;
  bias: Float32Tensor;
}

/** What enters and leaves a network. */
export interface Ends {
  input: string;
  output: string;
  /** Whether the output is the softmax of the last layer or the layer itself. */
  isSoftmax: boolean;
}

/** The trained layers of these names, in order. */
export function denseLayers(parameters: Parameters, names: readonly string[]): DenseLayer[] {
  return names.map((name) => ({
    name,
    kernel: storedParameter(parameters, `${name}/kernel`),
    bias: storedParameter(parameters, `${name}/bias`),
  }));
}

/** A multilayer perceptron as ONNX: a Gemm a layer, Relu between. */
export function mlpOnnx(name: string, layers: readonly DenseLayer[], ends: Ends): OnnxModel {
  const graph = buildGraph(name);
  const [width = 0] = layers[0]?.kernel.shape ?? [];
  const [classes = 0] = layers.at(-1)?.bias.shape ?? [];
  const start = graph.input(ends.input, { type: 'float32', shape: ['batch', width] });
  appendDense(graph, { layers, ends, start });
  graph.output(ends.output, { type: 'float32', shape: ['batch', classes] });
  return graph.model();
}

/** Appends dense layers with Relu between, and the softmax where there is one, so that the last value is `ends.output`. */
export function appendDense(
  graph: GraphBuilder,
  { layers, ends, start }: { layers: readonly DenseLayer[]; ends: Ends; start: string },
): void {
  layers.reduce((value, layer) => {
    const isLast = layer === layers.at(-1);
    const kernel = graph.initializer(`${layer.name}/kernel`, layer.kernel);
    const bias = graph.initializer(`${layer.name}/bias`, layer.bias);
    const outputs = [isLast && !ends.isSoftmax ? ends.output : `${layer.name}/sum`];
    const sum = graph.node('Gemm', [value, kernel, bias], { name: layer.name, outputs });
    if (!isLast)
      return graph.node('Relu', [sum], { name: `${layer.name}/relu`, outputs: [`${layer.name}/active`] });
    if (!ends.isSoftmax) return sum;
    const attributes = { axis: { int: -1 } };
    return graph.node('Softmax', [sum], { name: 'softmax', outputs: [ends.output], attributes });
  }, start);
}

/** A multilayer perceptron as a TF.js layers model whose input and output bear the same names as in ONNX. */
export function mlpTfjs(name: string, layers: readonly DenseLayer[], ends: Ends): LayersModel {
  const [width = 0] = layers[0]?.kernel.shape ?? [];
  const start = input({ shape: [width], name: ends.input });
  return model({ name, inputs: start, outputs: applyDense(layers, ends, start) });
}

/** Applies dense layers with ReLU between, and the softmax where there is one. */
export function applyDense(layers: readonly DenseLayer[], ends: Ends, start: SymbolicTensor): SymbolicTensor {
  const last = layers.at(-1);
  const sums = layers.reduce((value, layer) => {
    const isLast = layer === last;
    const name = isLast && !ends.isSoftmax ? ends.output : layer.name;
    const units = layer.bias.data.length;
    const dense = layerKinds.dense({ units, name, activation: isLast ? 'linear' : 'relu' });
    const applied = dense.apply(value) as SymbolicTensor;
    dense.setWeights([layer.kernel, layer.bias].map(({ data, shape }) => tensor(data, [...shape])));
    return applied;
  }, start);
  return ends.isSoftmax ? (layerKinds.softmax({ name: ends.output }).apply(sums) as SymbolicTensor) : sums;
}
