import { createRandom } from '../../core/random.ts';
import { buildGraph } from '../onnx/builder.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { convolve, drawnWeight, type Network } from './layers.ts';

/** Pixels a side, and classes. */
interface ImageSize {
  image: number;
  classes: number;
}

/** Channels of the first stage, and blocks of each; ResNet-50 has 64 and 3, 4, 6, 3. */
export interface ResNetSize extends ImageSize {
  width: number;
  blocks: readonly number[];
}

/**
 * ResNet v1.5 of bottlenecks (He et al. 2016, stride in the 3x3): float32 `images` [batch, 3, image, image] to `logits`
 * [batch, classes], weights drawn by seed.
 */
export function resnet(seed: number, size: ResNetSize): OnnxModel {
  const { network, images } = startImages('resnet', seed, size);
  let inputs = size.width;
  let value = convolve(network, images, { inputs: 3, outputs: inputs, kernel: 7, stride: 2 });
  const attributes = {
    kernel_shape: { ints: [3, 3] },
    pads: { ints: [1, 1, 1, 1] },
    strides: { ints: [2, 2] },
  };
  value = network.graph.node('MaxPool', [value], { attributes });
  for (const [stage, blocks] of size.blocks.entries()) {
    for (let block = 0; block < blocks; block++) {
      const width = size.width * 2 ** stage;
      value = bottleneck(network, value, { inputs, width, stride: stage > 0 && block === 0 ? 2 : 1 });
      inputs = 4 * width;
    }
  }
  return classify(network, value, { inputs, classes: size.classes });
}

interface Block {
  inputs: number;
  width: number;
  stride: number;
}

function bottleneck(network: Network, value: string, { inputs, width, stride }: Block): string {
  const outputs = 4 * width;
  let inner = convolve(network, value, { inputs, outputs: width, kernel: 1 });
  inner = convolve(network, inner, { inputs: width, outputs: width, kernel: 3, stride });
  inner = convolve(network, inner, { inputs: width, outputs, kernel: 1, clamp: null });
  const isPlain = stride === 1 && inputs === outputs;
  const shortcut = isPlain
    ? value
    : convolve(network, value, { inputs, outputs, kernel: 1, stride, clamp: null });
  return network.graph.node('Relu', [network.graph.node('Add', [inner, shortcut])]);
}

/** What MobileNetV2 is made of; `head` is the channels before the classifier. */
export interface MobileNetSize extends ImageSize {
  stages: readonly (readonly [expansion: number, outputs: number, blocks: number, firstStride: number])[];
  head: number;
}

/** The stages of width 1. */
export const mobilenetStages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/**
 * MobileNetV2 (Sandler et al. 2018): float32 `images` [batch, 3, image, image] to `logits` [batch, classes], weights drawn by
 * seed.
 */
export function mobilenetV2(seed: number, size: MobileNetSize): OnnxModel {
  const { network, images } = startImages('mobilenet-v2', seed, size);
  let value = convolve(network, images, { inputs: 3, outputs: 32, kernel: 3, stride: 2, clamp: 'relu6' });
  let inputs = 32;
  for (const [expansion, outputs, blocks, firstStride] of size.stages) {
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 ? firstStride : 1;
      value = invertedResidual(network, value, { inputs, width: inputs * expansion, outputs, stride });
      inputs = outputs;
    }
  }
  value = convolve(network, value, { inputs, outputs: size.head, kernel: 1, clamp: 'relu6' });
  return classify(network, value, { inputs: size.head, classes: size.classes });
}

function invertedResidual(network: Network, value: string, block: Block & { outputs: number }): string {
  const { inputs, width, outputs, stride } = block;
  const wide =
    width === inputs
      ? value
      : convolve(network, value, { inputs, outputs: width, kernel: 1, clamp: 'relu6' });
  const depthwise = {
    inputs: width,
    outputs: width,
    kernel: 3,
    stride,
    group: width,
    clamp: 'relu6',
  } as const;
  const mixed = convolve(network, wide, depthwise);
  const narrow = convolve(network, mixed, { inputs: width, outputs, kernel: 1, clamp: null });
  return stride === 1 && inputs === outputs ? network.graph.node('Add', [value, narrow]) : narrow;
}

function startImages(name: string, seed: number, { image }: ImageSize): { network: Network; images: string } {
  const graph = buildGraph(name);
  const images = graph.input('images', { type: 'float32', shape: ['batch', 3, image, image] });
  return { network: { graph, random: createRandom(seed), weights: 0 }, images };
}

function classify(
  network: Network,
  value: string,
  { inputs, classes }: { inputs: number; classes: number },
): OnnxModel {
  const { graph } = network;
  const pooled = graph.node('Flatten', [graph.node('GlobalAveragePool', [value])]);
  const weight = drawnWeight(network, [classes, inputs], 1 / inputs);
  const bias = drawnWeight(network, [classes], 0.01);
  graph.node('Gemm', [pooled, weight, bias], { outputs: ['logits'], attributes: { transB: { int: 1 } } });
  graph.output('logits', { type: 'float32', shape: ['batch', classes] });
  return graph.model();
}
