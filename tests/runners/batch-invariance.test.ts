import { expect, test } from 'vitest';
import type { Tensor } from '../../core/tensor.ts';
import { batchDoubt, checkBatchInvariance } from '../../runners/batch-invariance.ts';
import type { Infer } from '../../tasks/batches.ts';
import { columnsInput, echo, type Evaluation, evaluate, modelOf } from './evaluate/evaluation.ts';

const x: Tensor = { type: 'float32', shape: [3, 1], data: Float32Array.of(1, 2, 3) };

/** A model that puts out the rows of `alone` for one sample and those of `together` for more. */
function outputs(alone: Tensor, together: Tensor): Infer {
  return ({ x: input }) => {
    const row = (input?.data[0] as number) - 1;
    const isAlone = input?.shape[0] === 1;
    return Promise.resolve({ y: isAlone ? rowOf(alone, row) : together });
  };
}

function rowOf(tensor: Tensor, row: number): Tensor {
  const [, width = 1] = tensor.shape;
  const data = tensor.data.slice(row * width, (row + 1) * width);
  return { ...tensor, shape: [1, width], data } as Tensor;
}

async function largestDifference(alone: Tensor, together: Tensor): Promise<number | null> {
  const found = await checkBatchInvariance(outputs(alone, together), { x });
  expect(found).toMatchObject({ samples: 3, batchSize: 3 });
  return found.largestDifference;
}

const shape = [3, 1];
const pairs: { what: string; alone: Tensor; together: Tensor; difference: number | null }[] = [
  {
    what: 'float32 by the largest difference over max(1, |output|)',
    alone: { type: 'float32', shape, data: Float32Array.of(8, 0.25, -3) },
    together: { type: 'float32', shape, data: Float32Array.of(10, 0.5, -3) },
    difference: 0.25,
  },
  {
    what: 'float64',
    alone: { type: 'float64', shape, data: Float64Array.of(0, 0, 0) },
    together: { type: 'float64', shape, data: Float64Array.of(0, 0, 0.125) },
    difference: 0.125,
  },
  {
    what: 'int64, such as labels',
    alone: { type: 'int64', shape, data: BigInt64Array.of(4n, 0n, 1n) },
    together: { type: 'int64', shape, data: BigInt64Array.of(5n, 0n, 1n) },
    difference: 0.25,
  },
  {
    what: 'uint8',
    alone: { type: 'uint8', shape, data: Uint8Array.of(1, 1, 200) },
    together: { type: 'uint8', shape, data: Uint8Array.of(1, 1, 100) },
    difference: 0.5,
  },
  {
    what: 'texts',
    alone: { type: 'string', shape, data: ['a', 'b', 'c'] },
    together: { type: 'string', shape, data: ['a', 'b', 'd'] },
    difference: null,
  },
  {
    what: 'numbers that are none in a batch',
    alone: { type: 'float32', shape, data: Float32Array.of(1, 2, 3) },
    together: { type: 'float32', shape, data: Float32Array.of(1, NaN, 3) },
    difference: null,
  },
  {
    what: 'rows of another width',
    alone: { type: 'float32', shape, data: Float32Array.of(1, 2, 3) },
    together: { type: 'float32', shape: [3, 2], data: new Float32Array(6) },
    difference: null,
  },
];

test.each(pairs)('it compares $what', async ({ alone, together, difference }) => {
  expect(await largestDifference(alone, together)).toBe(difference);
  expect(await largestDifference(together, together)).toBe(0);
});

test('an output that is not there for one sample is a difference', async () => {
  const infer: Infer = (inputs) => Promise.resolve(inputs.x?.shape[0] === 1 ? inputs : { y: x });
  expect((await checkBatchInvariance(infer, { x })).largestDifference).toBeNull();
});

test('an output that does not begin with the batch is not compared by rows', async () => {
  const pairs: Infer = ({ x: input }) => {
    const rows = input?.shape[0] ?? 0;
    const given: Tensor = { type: 'float32', shape: [2, rows, 2], data: new Float32Array(4 * rows) };
    return Promise.resolve({ pairs: given });
  };
  expect((await checkBatchInvariance(pairs, { x })).largestDifference).toBe(0);
  const turned: Infer = ({ x: input }) => {
    const rows = input?.shape[0] ?? 0;
    const data = Float32Array.from({ length: 3 * rows }, (_, index) => Math.floor(index / rows));
    return Promise.resolve({ y: { type: 'float32', shape: [3, rows], data } });
  };
  expect((await checkBatchInvariance(turned, { x })).largestDifference).toBe(0);
});

test('a difference beyond rounding is a doubt that tells how large it is', () => {
  const doubt = (largestDifference: number | null) =>
    batchDoubt({ samples: 8, batchSize: 8, largestDifference }).map(({ code, detail }) => [code, detail]);
  expect([doubt(0), doubt(9e-5)]).toEqual([[], []]);
  const detail = (difference: string): string =>
    `Outputs of 8 samples differ by ${difference} between batch 1 and batch 8.`;
  expect([doubt(2e-4), doubt(null)]).toEqual([
    [['batch-dependent', detail('up to 0.00020 relative to max(1, |output|)')]],
    [['batch-dependent', detail('their form, or in whether they are numbers')]],
  ]);
});

const values: Evaluation = {
  data: 'a,y\n1,1\n2,2\n6,6\n',
  manifest: { target: { kind: 'value', column: 'y', unit: '' }, ...columnsInput('a') },
  model: echo(1),
  task: { kind: 'regression' },
  metrics: ['mae'],
};

/** Puts out how far a number lies from the mean of its batch. */
const centred = modelOf(1, (graph, input) => {
  const axes = graph.initializer('axes', { type: 'int64', shape: [1], data: BigInt64Array.of(0n) });
  const mean = graph.node('ReduceMean', [input, axes], { outputs: ['mean'] });
  graph.node('Sub', [input, mean], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
});

test('a model that looks at its batch is told as such, another is not', async () => {
  const [alike, dependent] = [await evaluate(values), await evaluate({ ...values, model: centred })];
  expect(alike).toMatchObject({ batchInvariance: { samples: 3, largestDifference: 0 } });
  expect(batchDoubt(alike.batchInvariance)).toEqual([]);
  expect(dependent.batchInvariance.largestDifference).toBe(3);
  expect(batchDoubt(dependent.batchInvariance).map(({ code }) => code)).toEqual(['batch-dependent']);
});

test('outputs of other rows than samples, such as boxes found in images, are not compared', async () => {
  const infer: Infer = ({ x: input }) =>
    Promise.resolve({
      y: input ?? x,
      boxes: { type: 'float32', shape: [5 + (input?.shape[0] ?? 0), 1], data: new Float32Array(8) },
    });
  expect(await checkBatchInvariance(infer, { x })).toMatchObject({ largestDifference: 0 });
});
