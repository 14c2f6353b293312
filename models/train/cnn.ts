import {
  add,
  concat,
  maximum,
  pad,
  relu,
  reshape,
  slice,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { dense, denseRelu, multiply } from './operations.ts';
import { heLayer, parameter, type Parameters, type Start } from './parameters.ts';

/** Sizes of a convolutional network: two 3 by 3 convolutions, a 2 by 2 pooling, two dense layers. */
export interface CnnSizes {
  /** Rows and columns of the image. */
  side: number;
  filters: readonly [first: number, second: number];
  hidden: number;
  classes: number;
}

/** Where its parameters start; a convolution's kernel is [3 * 3 * channels in, channels out], as an image patch is read. */
export function cnnStarts({ side, filters, hidden, classes }: CnnSizes): Record<string, Start> {
  const widths = { conv_1: [9, filters[0]], conv_2: [9 * filters[0], filters[1]] } as const;
  const flat = (side / 2) ** 2 * filters[1];
  const layers = { ...widths, hidden: [flat, hidden], output: [hidden, classes] } as const;
  const starts = Object.entries(layers).flatMap(([name, [inputs, outputs]]) => {
    const { kernel, bias } = heLayer(inputs, outputs);
    return [[`${name}/kernel`, kernel] as const, [`${name}/bias`, bias] as const];
  });
  return Object.fromEntries(starts);
}

/** Logits [rows, classes] of images [rows, side, side, 1]. */
export function cnnLogits(parameters: Parameters, images: Tensor4D): Tensor2D {
  const maps = convolve(parameters, 'conv_2', convolve(parameters, 'conv_1', images));
  const pooled = poolPairs(poolPairs(maps, 1), 2);
  const flat = reshape(pooled, [images.shape[0], pooled.size / images.shape[0]]);
  return dense(parameters, 'output', denseRelu(parameters, 'hidden', flat));
}

/** A padded 3 by 3 convolution and a ReLU, as a product over patches: the backend has no gradient of its convolution. */
function convolve(parameters: Parameters, name: string, maps: Tensor4D): Tensor4D {
  const [rows, height, width, channels] = maps.shape;
  const padded = pad(maps, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  const shifted = [0, 1, 2].flatMap((top) =>
    [0, 1, 2].map((left) => slice(padded, [0, top, left, 0], [rows, height, width, channels])),
  );
  const patches = reshape(concat(shifted, 3), [rows * height * width, 9 * channels]);
  const product = multiply(
    patches as Tensor2D,
    parameter(parameters, `${name}/kernel`) as Tensor as Tensor2D,
  );
  const sums = add(product, parameter(parameters, `${name}/bias`));
  return reshape(relu(sums), [rows, height, width, sums.size / (rows * height * width)]);
}

/** The greater of each pair of neighbours along an axis (1 down, 2 across): half of a 2 by 2 max pooling. */
function poolPairs(maps: Tensor, axis: 1 | 2): Tensor {
  const before = maps.shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const after = maps.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const half = (maps.shape[axis] ?? 0) / 2;
  const pairs = reshape(maps, [before * half, 2, after]);
  const pick = (side: 0 | 1): Tensor => slice(pairs, [0, side, 0], [before * half, 1, after]);
  const greater = maximum(pick(0), pick(1));
  return reshape(greater, [...maps.shape.slice(0, axis), half, ...maps.shape.slice(axis + 1)]);
}
