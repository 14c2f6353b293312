import { expect, test } from 'vitest';
import { cannotRun, type Called } from '../../../runners/explain/cannot-run.ts';

const called: Called = {
  model: { path: 'mine.onnx' },
  dataset: 'two',
  inputs: { x: { type: 'float32', shape: [1, 2], data: new Float32Array(2) } },
  areMadeUp: false,
  declared: [{ name: 'x', type: 'float32', shape: [null, null] }],
};
const refused =
  'Non-zero status code returned while running MatMul node. Status Message: dimension mismatch.';

test('data that a node refuses are told by their shape beside the declared one', () => {
  expect(cannotRun(called, refused)).toMatchObject({
    code: 'dataset-invalid',
    exitCode: 2,
    message: `Model mine.onnx cannot run on dataset two: its samples are "x" float32 [batch, 2], where the model declares "x" float32 [batch, any]: ${refused}`,
  });
});

test.for([
  ['a process that took too long', called, 'no answer within 10000 ms', 'on dataset two: '],
  ['inputs that are made up', { ...called, dataset: null }, refused, 'on inputs made up for it: '],
  ['shapes that were given', { ...called, areMadeUp: true }, refused, 'on inputs made up for it: '],
] as const)('of %s no data are at fault', ([, tried, reason, told]) => {
  const error = cannotRun(tried, reason);
  expect([error.code, error.exitCode]).toEqual(['nothing-measured', 4]);
  expect(error.message).toContain(told);
});
