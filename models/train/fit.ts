import { dispose, tensor, tidy, variableGrads, type Scalar, type Variable } from '@tensorflow/tfjs-core';
import type { Random } from '../../core/random.ts';
import { zeroSmallest } from '../passes/magnitude.ts';
import type { Parameters } from './parameters.ts';
import { sparsityAt, type SparsitySchedule } from './sparsity-schedule.ts';

/** How a model is fitted. */
export interface Plan {
  epochs: number;
  learningRate: number;
  /** Decoupled (AdamW), on parameters with two axes or more. */
  weightDecay: number;
  /** Share of the steps over which the learning rate rises; it then falls to 0 along a cosine. */
  warmUp: number;
  /** How the smallest weights become zero, each parameter with two axes or more by itself. */
  sparsity?: SparsitySchedule | undefined;
}

/** The data of a fit: batches of row numbers for an epoch, and the mean loss over a batch. */
export interface Objective {
  batches(random: Random): readonly (readonly number[])[];
  loss(rows: readonly number[]): Scalar;
}

/** Adam's running moments of one parameter, and a copy of its values. */
interface State {
  values: Float32Array;
  first: Float32Array;
  second: Float32Array;
}

/** Where the optimiser stands. */
interface Step {
  number: number;
  learningRate: number;
  weightDecay: number;
  /** Share of weights to be zero after it. */
  zeros: number;
}

/** Fits the parameters with AdamW (Loshchilov and Hutter, 2019); gives the mean loss of each epoch. */
export function fit(
  parameters: Parameters,
  objective: Objective,
  { plan, random }: { plan: Plan; random: Random },
): number[] {
  const states = new Map([...parameters].map(([name, one]) => [name, startState(one)]));
  const epochs = Array.from({ length: plan.epochs }, () => objective.batches(random));
  const steps = epochs.reduce((count, batches) => count + batches.length, 0);
  let number = 0;
  return epochs.map((batches) => {
    const losses = batches.map((rows) => {
      number += 1;
      const progress = number / steps;
      const learningRate = plan.learningRate * schedule(progress, plan.warmUp);
      const zeros = plan.sparsity === undefined ? 0 : sparsityAt(plan.sparsity, progress);
      const { weightDecay } = plan;
      return takeStep(
        { parameters, states, loss: () => objective.loss(rows) },
        { number, learningRate, weightDecay, zeros },
      );
    });
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  });
}

/** Rows in random order, cut into batches. */
export function shuffledBatches(rows: number, batchSize: number, random: Random): number[][] {
  const order = random.shuffle([...Array(rows).keys()]);
  return Array.from({ length: Math.ceil(rows / batchSize) }, (_, batch) =>
    order.slice(batch * batchSize, (batch + 1) * batchSize),
  );
}

interface Fitting {
  parameters: Parameters;
  states: ReadonlyMap<string, State>;
  loss: () => Scalar;
}

function startState(one: Variable): State {
  const values = Float32Array.from(one.dataSync());
  return { values, first: new Float32Array(values.length), second: new Float32Array(values.length) };
}

function schedule(progress: number, warmUp: number): number {
  if (progress < warmUp) return progress / warmUp;
  return (1 + Math.cos((Math.PI * (progress - warmUp)) / (1 - warmUp))) / 2;
}

function takeStep({ parameters, states, loss }: Fitting, step: Step): number {
  const variables = [...parameters.values()];
  const { value, grads } = tidy(() => variableGrads(loss, variables));
  for (const [name, one] of parameters) {
    const state = states.get(name);
    const gradient = grads[one.name]?.dataSync();
    if (state === undefined || gradient === undefined) throw new Error(`internal: no gradient for ${name}`);
    update(state, gradient as Float32Array, one.rank > 1 ? step : { ...step, weightDecay: 0, zeros: 0 });
    const updated = tensor(state.values, one.shape, 'float32');
    one.assign(updated);
    updated.dispose();
  }
  const [result = Number.NaN] = value.dataSync();
  dispose([value, ...Object.values(grads)]);
  return result;
}

function update({ values, first, second }: State, gradient: Float32Array, step: Step): void {
  const [beta1, beta2, epsilon] = [0.9, 0.98, 1e-8];
  const [correction1, correction2] = [1 - beta1 ** step.number, 1 - beta2 ** step.number];
  gradient.forEach((slope, index) => {
    const mean = beta1 * (first[index] ?? 0) + (1 - beta1) * slope;
    const square = beta2 * (second[index] ?? 0) + (1 - beta2) * slope * slope;
    const direction = mean / correction1 / (Math.sqrt(square / correction2) + epsilon);
    const value = values[index] ?? 0;
    first[index] = mean;
    second[index] = square;
    values[index] = value - step.learningRate * (direction + step.weightDecay * value);
  });
  if (step.zeros === 0) return;
  const { pruned } = zeroSmallest([values], { sparsity: step.zeros, scope: 'per-tensor' });
  values.set(pruned[0] ?? []);
}
