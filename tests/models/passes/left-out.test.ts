import { expect, test } from 'vitest';
import { buildGraph } from '../../../models/onnx/builder.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { openSession } from '../../../models/onnx/session.ts';
import { quantizeDynamic } from '../../../models/passes/quantize-dynamic.ts';
import { quantizeStatic } from '../../../models/passes/quantize-static.ts';
import { quantizeWeights } from '../../../models/passes/quantize-weights.ts';
import { convertFp16 } from '../../../models/passes/convert-fp16.ts';
import type { PassOutcome } from '../../../models/passes/pass.ts';
import { calibrationOf } from './small-calibration.ts';

const settings = { granularity: 'per-channel', reduceRange: false };

test.for([
  ['quantize-dynamic', (leftOut: string[]) => quantizeDynamic.apply(network(), { ...settings, leftOut })],
  [
    'quantize-weights',
    (leftOut: string[]) =>
      quantizeWeights.apply(
        network(),
        { bits: 4, blockSize: 16, symmetry: 'symmetric', method: 'rtn', leftOut },
        null,
      ),
  ],
  [
    'quantize-static',
    (leftOut: string[]) =>
      quantizeStatic.apply(
        network(),
        { ...settings, activations: 'uint8', ranges: 'min-max', leftOut },
        calibrationOf([[[1, -2, 3, 0.5]]]),
      ),
  ],
] as const)('%s leaves the product of a named node in float, and says so', async ([, quantize]) => {
  const { model, summary } = applied(await quantize(['first']));
  expect(floatWeights(model)).toEqual(['w0']);
  expect(summary).toContain('1 of 2 ');
  expect(summary).toContain('left in float: 1 left out by name');
  await loads(model);
});

test('a node without a name goes by its first output', async () => {
  const { model } = applied(await quantizeDynamic.apply(network(), { ...settings, leftOut: ['y'] }));
  expect(floatWeights(model)).toEqual(['w1']);
});

test('a node that folding would join with another is found in what they become', async () => {
  const calibration = calibrationOf([[[1, -2, 3, 0.5]]]);
  const parameters = { ...settings, activations: 'uint8', ranges: 'min-max' };
  const left = await quantizeStatic.apply(network(), { ...parameters, leftOut: ['bias'] }, calibration);
  expect(floatWeights(applied(left).model)).toEqual(['w0']);
});

test('with all of its nodes left out, a quantizer has nothing to do', async () => {
  const outcome = await quantizeDynamic.apply(network(), { ...settings, leftOut: ['first', 'y'] });
  expect(outcome).toEqual({
    status: 'nothing-to-do',
    reason: 'no MatMul or Gemm has a constant float32 weight that can be quantized: 2 left out by name',
  });
});

test('convert-fp16 leaves a named node in float32', async () => {
  const { model } = applied(await convertFp16.apply(network(), { keep: '', leftOut: ['first'] }));
  expect(floatWeights(model)).toEqual(['w0']);
  await loads(model);
});

test('a label no node has is refused', async () => {
  await expect(quantizeDynamic.apply(network(), { ...settings, leftOut: ['third'] })).rejects.toThrow(
    'The model has no node "third" to leave as it is.',
  );
});

/** Two products, the first with a name and a bias, the second without a name. */
function network(): OnnxModel {
  const graph = buildGraph('two products');
  graph.input('x', { type: 'float32', shape: ['batch', 4] });
  const eye = Float32Array.from({ length: 16 }, (_, index) => (index % 5 === 0 ? 1 : 0.1));
  for (const name of ['w0', 'w1']) graph.initializer(name, { type: 'float32', shape: [4, 4], data: eye });
  graph.initializer('b', { type: 'float32', shape: [4], data: Float32Array.of(1, 2, 3, 4) });
  const product = graph.node('MatMul', ['x', 'w0'], { name: 'first' });
  const sum = graph.node('Add', [product, 'b'], { name: 'bias' });
  graph.node('MatMul', [graph.node('Relu', [sum]), 'w1'], { name: '', outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 4] });
  return graph.model();
}

function applied(outcome: PassOutcome): Extract<PassOutcome, { status: 'applied' }> {
  if (outcome.status === 'applied') return outcome;
  throw new Error(outcome.reason);
}

/** Names of the float32 matrices the model still stores. */
function floatWeights({ graph }: OnnxModel): string[] {
  return graph.initializer
    .filter(({ dataType, dims }) => dataType === 1 && dims.length === 2)
    .map(({ name }) => name.replace(/_scales?$/u, ' scale'))
    .filter((name) => !name.endsWith(' scale'));
}

async function loads(model: OnnxModel): Promise<void> {
  (await openSession(model, {})).close();
}
