import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { decodeModel } from '../../../models/onnx/read.ts';
import { stackInputs, stackModel } from '../../../models/synthetic/stack-model.ts';
import { kernelsOf } from '../run-model.ts';

const shape = { layers: 3, width: 8, seed: 5 };

async function run(bytes: Uint8Array, rows: number): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(bytes);
  const { x } = stackInputs({ rows, width: 8, seed: 1 });
  const { y } = await session.run({ x: new ort.Tensor('float32', x.data as Float32Array, [...x.shape]) });
  await session.release();
  return y?.data as Float32Array;
}

test('a stack takes any number of rows and is the same for the same seed', async () => {
  const bytes = stackModel(shape);
  expect(stackModel(shape)).toEqual(bytes);
  expect(stackModel({ ...shape, seed: 6 })).not.toEqual(bytes);
  const [one, two] = [await run(bytes, 1), await run(bytes, 2)];
  expect(one.length).toBe(8);
  expect(two.length).toBe(16);
});

test('values stay within the range of the inputs in a deep stack', async () => {
  const values = await run(stackModel({ ...shape, layers: 400 }), 4);
  expect(Math.min(...values)).toBeGreaterThan(0.1);
  expect(Math.max(...values)).toBeLessThan(0.9);
});

test('ONNX Runtime leaves every layer in place, and a deeper stack begins with the shallow one', async () => {
  const shallow = decodeModel(stackModel(shape), 'shallow');
  const deep = decodeModel(stackModel({ ...shape, layers: 4 }), 'deep');
  expect(await kernelsOf(shallow)).toEqual(['MatMul', 'Relu', 'MatMul', 'Relu', 'MatMul', 'Relu']);
  expect(deep.graph.initializer.slice(0, 3)).toEqual(shallow.graph.initializer);
});
