import {
  conv2d,
  grads,
  losses,
  matMul,
  maxPool,
  mul,
  oneHot,
  relu,
  reshape,
  sum,
  tensor1d,
  tensor2d,
  tensor4d,
  type Rank,
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { startTrainingBackend } from '../../../models/train/backend.ts';
import { cnnLogits, cnnStarts } from '../../../models/train/cnn.ts';
import { crossEntropy, lookUp, multiply } from '../../../models/train/operations.ts';
import { createParameters, parameter } from '../../../models/train/parameters.ts';

beforeAll(startTrainingBackend);

const random = createRandom(3);
const drawn = (rows: number, columns: number): Tensor2D =>
  tensor2d(
    Float32Array.from({ length: rows * columns }, () => random.normal()),
    [rows, columns],
  );

test('A product and its gradients are those of TF.js', () => {
  const [x, w, weight] = [drawn(5, 4), drawn(4, 3), drawn(5, 3)];
  const own = grads((a: Tensor, b: Tensor) => sum(mul(multiply(a as Tensor2D, b as Tensor2D), weight)))([
    x,
    w,
  ]);
  const stock = grads((a: Tensor, b: Tensor) => sum(mul(matMul(a as Tensor2D, b as Tensor2D), weight)))([
    x,
    w,
  ]);
  for (const [index, gradient] of own.entries()) expectClose(gradient, stock[index]);
  expectClose(multiply(x, w), matMul(x, w));
});

test('The gradient of looked-up rows adds up where an id repeats', () => {
  const weight = tensor2d([1, 2, 10, 20, 100, 200], [3, 2]);
  const ids = tensor1d([2, 0, 2], 'int32');
  const [gradient] = grads((rows: Tensor) => sum(mul(lookUp(rows as Tensor2D, ids), weight)))([drawn(4, 2)]);
  expect([...(gradient?.dataSync() ?? [])]).toEqual([10, 20, 0, 0, 101, 202, 0, 0]);
});

test('Cross-entropy and its gradient are those of TF.js', () => {
  const logits = drawn(4, 3);
  const labels = tensor1d([0, 2, 1, 2], 'int32');
  const weights = tensor2d([0.25, 0.25, 0.25, 0.25], [4, 1]);
  const stock = (raw: Tensor): Scalar => losses.softmaxCrossEntropy(oneHot(labels, 3), raw);
  const own = (raw: Tensor): Scalar => crossEntropy(raw as Tensor2D, { labels, weights });
  expectClose(own(logits), stock(logits));
  expectClose(grads(own)([logits])[0], grads(stock)([logits])[0]);
});

test('The convolutional network computes what the convolutions and pooling of TF.js do', () => {
  const parameters = createParameters(
    cnnStarts({ side: 4, filters: [2, 3], hidden: 5, classes: 2 }),
    createRandom(1),
  );
  const images = tensor4d(
    Float32Array.from({ length: 32 }, () => random.normal()),
    [2, 4, 4, 1],
  );
  const stored = (name: string): Tensor => parameter(parameters, name);
  const kernel = (name: string, channels: [number, number]): Tensor4D =>
    reshape(stored(`${name}/kernel`), [3, 3, ...channels]);
  const first = relu(conv2d(images, kernel('conv_1', [1, 2]), 1, 'same'));
  const second = relu(conv2d(first, kernel('conv_2', [2, 3]), 1, 'same'));
  const flat = reshape<Rank.R2>(maxPool(second, 2, 2, 'valid'), [2, 12]);
  const hidden = relu(matMul(flat, stored('hidden/kernel') as Tensor2D));
  expectClose(cnnLogits(parameters, images), matMul(hidden, stored('output/kernel') as Tensor2D));
});

function expectClose(found: Tensor | undefined, expected: Tensor | undefined): void {
  const [left, right] = [found, expected].map((one) => [...(one?.dataSync() ?? [])]);
  expect(left?.length).toBeGreaterThan(0);
  expect(left?.length).toBe(right?.length);
  for (const [index, value] of (left ?? []).entries())
    expect(value).toBeCloseTo(right?.[index] ?? Number.NaN, 5);
}
