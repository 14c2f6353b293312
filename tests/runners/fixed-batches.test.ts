import { expect, test } from 'vitest';
import { bindCall, bindInputs } from '../../runners/bind-inputs.ts';
import type { Session } from '../../runners/runner.ts';
import type { Tensor, Tensors } from '../../core/tensor.ts';

/** Adds 1 to `x`, in batches of exactly `size`. */
function fixedSession(size: number, outputRows = size): { session: Session; batches: number[][] } {
  const batches: number[][] = [];
  const run = ({ x }: Tensors): Promise<Tensors> => {
    const values = [...((x?.data ?? []) as Float32Array)];
    batches.push(values);
    const data = Float32Array.from(values, (value) => value + 1).slice(0, outputRows);
    return Promise.resolve({ y: { type: 'float32', shape: [outputRows, 1], data } });
  };
  const inputs = [{ name: 'x', type: 'float32', shape: [size, 1] }] as const;
  return { session: { inputs, outputs: [], run, close: () => Promise.resolve() }, batches };
}

const rows = (...values: number[]): Tensor => ({
  type: 'float32',
  shape: [values.length, 1],
  data: Float32Array.from(values),
});

test('a model exported for batches of two answers for five, the last filled up', async () => {
  const { session, batches } = fixedSession(2);
  const x = rows(1, 2, 3, 4, 5);
  expect(await bindInputs(session, { x })({ x })).toEqual({ y: rows(2, 3, 4, 5, 6) });
  expect(batches).toEqual([
    [1, 2],
    [3, 4],
    [5, 5],
  ]);
});

test('outputs that have no row for each sample cannot be put together', async () => {
  const { session } = fixedSession(2, 1);
  const x = rows(1, 2, 3);
  await expect(bindInputs(session, { x })({ x })).rejects.toThrow(
    'output "y" has shape [1, 1]; a row for each of the 2 samples is accepted',
  );
});

test('it is timed in its own batch size only', () => {
  const { session } = fixedSession(2);
  expect(() => bindCall(session, { x: rows(1) })).toThrow(
    'the model was exported for batches of 2 and cannot be timed with one of 1; set the batch size to 2',
  );
  expect(() => bindCall(session, { x: rows(1, 2) })).not.toThrow();
});

test('inputs of different first axes are no batch', () => {
  const { session } = fixedSession(2);
  const inputs = [...session.inputs, { name: 'state', type: 'float32', shape: [7, null] }] as const;
  expect(() => bindInputs({ ...session, inputs }, { x: rows(1), state: rows(1) })).toThrow(
    'the first axes of the model\'s inputs differ: "x" [2, 1], "state" [7, any]; a batch is accepted',
  );
});

test('outputs of other rows than samples are left out where another has a row a sample', async () => {
  const { session } = fixedSession(2);
  const run = async (inputs: Tensors): Promise<Tensors> => ({
    boxes: rows(7, 8, 9),
    ...(await session.run(inputs)),
  });
  const x = rows(1, 2, 3);
  expect(await bindInputs({ ...session, run }, { x })({ x })).toEqual({ y: rows(2, 3, 4) });
});

test('the switch of a cache tells no size of a batch', () => {
  const { session } = fixedSession(2);
  const inputs = [...session.inputs, { name: 'use_cache_branch', type: 'bool', shape: [1] }] as const;
  expect(() => bindInputs({ ...session, inputs }, { x: rows(1) })).not.toThrow();
});
