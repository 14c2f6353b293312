import {
  matMul,
  mean,
  square,
  sub,
  tensor1d,
  tensor2d,
  type Scalar,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { startTrainingBackend } from '../../../models/train/backend.ts';
import { fit, shuffledBatches } from '../../../models/train/fit.ts';
import { polynomialDecay, sparsityAt } from '../../../models/train/sparsity-schedule.ts';
import { zeroSmallest } from '../../../models/passes/magnitude.ts';
import { createParameters, parameter } from '../../../models/train/parameters.ts';

beforeAll(startTrainingBackend);

const plan = { epochs: 300, learningRate: 0.1, weightDecay: 0, warmUp: 0.1 };

test('A fit finds the minimum of a bowl', () => {
  const parameters = createParameters({ x: { shape: [3], deviation: 1 } }, createRandom(1));
  const goal = [1, -2, 3];
  const loss = (): Scalar => mean(square(sub(parameter(parameters, 'x'), tensor1d(goal))));
  const losses = fit(parameters, { batches: () => [[0]], loss }, { plan, random: createRandom(1) });
  expect(losses.at(-1)).toBeLessThan(1e-6);
  const found = [...parameter(parameters, 'x').dataSync()];
  for (const [index, value] of goal.entries()) expect(found[index]).toBeCloseTo(value, 2);
});

test('The first step moves every parameter by the learning rate against its slope', () => {
  const parameters = createParameters({ x: { shape: [2], deviation: 0 } }, createRandom(1));
  const loss = (): Scalar => mean(square(sub(parameter(parameters, 'x'), tensor1d([5, -0.1]))));
  const first = { ...plan, epochs: 2, warmUp: 0.5 };
  let seen: number[] = [];
  const watched = (): Scalar => {
    seen = [...parameter(parameters, 'x').dataSync()];
    return loss();
  };
  fit(parameters, { batches: () => [[0]], loss: watched }, { plan: first, random: createRandom(1) });
  expect(seen[0]).toBeCloseTo(0.1, 5);
  expect(seen[1]).toBeCloseTo(-0.1, 5);
});

test('the share of zeros rises fast, then slowly, and stays', () => {
  const schedule = { sparsity: 0.8, from: 0.2, until: 0.6 };
  const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1].map((progress) => sparsityAt(schedule, progress));
  const expected = [0, 0, 0.4625, 0.7, 0.7875, 0.8, 0.8];
  for (const [index, share] of shares.entries()) expect(share).toBeCloseTo(expected[index] ?? NaN, 10);
});

test('weights that became zero while they were fitted are made up for by others, those cut afterwards are not', () => {
  const lossWith = (cut: 'while' | 'after'): number => {
    const parameters = createParameters({ w: { shape: [8, 4], deviation: 1 } }, createRandom(3));
    const random = createRandom(4);
    const shared = Array.from({ length: 64 }, () => random.normal());
    // Eight noisy forms of one number: all together tell it best, and two that are scaled up tell it well.
    const inputs = shared.map((one) => Array.from({ length: 8 }, () => one + random.normal() / 2));
    const goal = tensor2d(shared.map((one) => [one, 2 * one, 3 * one, 4 * one]));
    const loss = (): Scalar =>
      mean(square(sub(matMul(tensor2d(inputs), parameter(parameters, 'w') as Tensor2D), goal)));
    const sparsity = cut === 'while' ? polynomialDecay(0.75) : undefined;
    fit(parameters, { batches: () => [[0]], loss }, { plan: { ...plan, sparsity }, random: createRandom(1) });
    const w = parameter(parameters, 'w');
    if (cut === 'after') {
      const { pruned } = zeroSmallest([w.dataSync() as Float32Array], {
        sparsity: 0.75,
        scope: 'per-tensor',
      });
      w.assign(tensor2d(pruned[0] ?? [], [8, 4]));
    }
    expect([...w.dataSync()].filter((value) => value === 0)).toHaveLength(24);
    return loss().dataSync()[0] ?? NaN;
  };
  expect(lossWith('while')).toBeLessThan(lossWith('after') / 2);
});

test('Batches hold every row once, in an order the seed decides', () => {
  const batches = shuffledBatches(10, 4, createRandom(1));
  expect(batches.map((batch) => batch.length)).toEqual([4, 4, 2]);
  expect(batches.flat().toSorted((a, b) => a - b)).toEqual([...Array(10).keys()]);
  expect(shuffledBatches(10, 4, createRandom(1))).toEqual(batches);
  expect(shuffledBatches(10, 4, createRandom(2))).not.toEqual(batches);
});
