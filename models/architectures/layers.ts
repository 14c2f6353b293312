import type { Random } from '../../core/random.ts';
import { elementCount } from '../../core/tensor.ts';
import type { GraphBuilder } from '../onnx/builder.ts';

/** A network being written, with weights drawn from a seeded stream. */
export interface Network {
  graph: GraphBuilder;
  random: Random;
  /** Weights so far; names come from it. */
  weights: number;
}

/** A weight of uniform numbers with the given variance; `gain / fanIn` keeps the size of what goes through (He et al. 2015). */
export function drawnWeight(network: Network, shape: readonly number[], variance: number): string {
  const { random } = network;
  const reach = Math.sqrt(12 * variance);
  const data = new Float32Array(elementCount(shape));
  for (let index = 0; index < data.length; index++) data[index] = (random.next() - 0.5) * reach;
  return constant(network, shape, data);
}

export function constant(network: Network, shape: readonly number[], data: Float32Array): string {
  return network.graph.initializer(`weight_${network.weights++}`, { type: 'float32', shape, data });
}

export function filled(network: Network, size: number, value: number): string {
  return constant(network, [size], new Float32Array(size).fill(value));
}

export function integers(network: Network, values: readonly number[]): string {
  const data = BigInt64Array.from(values, BigInt);
  return network.graph.initializer(`integers_${network.weights++}`, {
    type: 'int64',
    shape: [values.length],
    data,
  });
}

/** What a convolution is made of; `relu` is the clamp after its normalisation. */
export interface Convolution {
  inputs: number;
  outputs: number;
  kernel: number;
  stride?: number;
  group?: number;
  clamp?: 'relu' | 'relu6' | null;
}

/** Conv without a bias, BatchNormalization and a clamp: [batch, inputs, h, w] to [batch, outputs, h / stride, w / stride]. */
export function convolve(network: Network, value: string, layer: Convolution): string {
  const { inputs, outputs, kernel, stride = 1, group = 1, clamp = 'relu' } = layer;
  const { graph } = network;
  const fanIn = (inputs / group) * kernel ** 2;
  const weight = drawnWeight(network, [outputs, inputs / group, kernel, kernel], 2 / fanIn);
  const pad = kernel >> 1;
  const attributes = {
    group: { int: group },
    kernel_shape: { ints: [kernel, kernel] },
    pads: { ints: [pad, pad, pad, pad] },
    strides: { ints: [stride, stride] },
  };
  const maps = graph.node('Conv', [value, weight], { attributes });
  const statistics = [1, 0.1, 0, 1].map((size) => filled(network, outputs, size));
  const normal = graph.node('BatchNormalization', [maps, ...statistics]);
  if (clamp === null) return normal;
  if (clamp === 'relu') return graph.node('Relu', [normal]);
  return graph.node('Clip', [normal, scalar(network, 0), scalar(network, 6)]);
}

export function scalar(network: Network, value: number): string {
  return constant(network, [], Float32Array.of(value));
}

/** `value * weight + bias` over the last axis. */
export function project(
  network: Network,
  value: string,
  { inputs, outputs }: { inputs: number; outputs: number },
): string {
  const weight = drawnWeight(network, [inputs, outputs], 1 / inputs);
  const bias = drawnWeight(network, [outputs], 0.01);
  return network.graph.node('Add', [network.graph.node('MatMul', [value, weight]), bias]);
}

export function normalise(network: Network, value: string, width: number): string {
  const inputs = [value, filled(network, width, 1), filled(network, width, 0)];
  return network.graph.node('LayerNormalization', inputs, { attributes: { axis: { int: -1 } } });
}
