import { mean, square, sub, tensor1d, type Scalar } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { startTrainingBackend } from '../../../models/train/backend.ts';
import { fit, shuffledBatches } from '../../../models/train/fit.ts';
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

test('Batches hold every row once, in an order the seed decides', () => {
  const batches = shuffledBatches(10, 4, createRandom(1));
  expect(batches.map((batch) => batch.length)).toEqual([4, 4, 2]);
  expect(batches.flat().toSorted((a, b) => a - b)).toEqual([...Array(10).keys()]);
  expect(shuffledBatches(10, 4, createRandom(1))).toEqual(batches);
  expect(shuffledBatches(10, 4, createRandom(2))).not.toEqual(batches);
});
