import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { readTensor } from '../../../models/onnx/tensor.ts';
import { applyPasses } from '../../../models/passes/apply.ts';
import type { Calibration } from '../../../models/passes/calibration.ts';
import type { PassOutcome } from '../../../models/passes/pass.ts';
import { pruneNM, pruneScored } from '../../../models/passes/prune-scored.ts';
import { parseVariant, stepsOn } from '../../../models/variant.ts';
import { runModel } from '../run-model.ts';
import { branching } from './branches.ts';
import { calibrationOf, drawnCalibration, outputError } from './small-calibration.ts';

const twoOfFour = { keep: 2, of: 4, score: 'magnitude' };

test('two of four neighbours along the input axis stay, the larger ones', async () => {
  const model = product([4, 2], [1, -8, -2, 7, 3, 6, -4, 5]);
  expect(valuesOf(modelOf(await pruneNM.apply(model, twoOfFour, null)))).toEqual([0, -8, 0, 7, 3, 0, -4, 0]);
});

test('a Gemm stored the other way round is pruned along its rows', async () => {
  const model = product([2, 4], [1, -2, 3, -4, -8, 7, 6, 5], 'transposed');
  expect(valuesOf(modelOf(await pruneNM.apply(model, twoOfFour, null)))).toEqual([0, 0, 3, -4, -8, 7, 0, 0]);
});

test('a Gemm whose bias is a single number is pruned as others are', async () => {
  const graph = buildGraph('product');
  graph.input('x', { type: 'float32', shape: ['batch', 4] });
  graph.initializer('w', { type: 'float32', shape: [4, 1], data: Float32Array.of(1, -2, 3, -4) });
  graph.initializer('b', { type: 'float32', shape: [], data: Float32Array.of(1) });
  graph.node('Gemm', ['x', 'w', 'b'], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
  expect(valuesOf(modelOf(await pruneNM.apply(graph.model(), twoOfFour, null)))).toEqual([0, 0, 3, -4]);
});

test('neighbours of a convolution are input channels at one place of the kernel', async () => {
  const graph = buildGraph('convolution');
  graph.input('x', { type: 'float32', shape: ['batch', 4, 1, 2] });
  graph.initializer('w', {
    type: 'float32',
    shape: [1, 4, 1, 2],
    data: Float32Array.of(1, 8, 2, 7, 3, 6, 4, 5),
  });
  graph.node('Conv', ['x', 'w'], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1, 1, 1] });
  const model = modelOf(await pruneNM.apply(graph.model(), twoOfFour, null));
  expect(valuesOf(model)).toEqual([0, 8, 0, 7, 3, 0, 4, 0]);
  expect((await runModel(model, 1))[0]).toHaveLength(3);
});

test('every group of m keeps n, by every score', async () => {
  const draw = fc.record({ seed: fc.integer(), score: fc.constantFrom('magnitude', 'wanda', 'sparsegpt') });
  await fc.assert(
    fc.asyncProperty(draw, async ({ seed, score }) => {
      const random = createRandom(seed);
      const weights = Array.from({ length: 16 * 3 }, () => random.normal());
      const parameters = { keep: 1, of: 4, score };
      const model = modelOf(await pruneNM.apply(product([16, 3], weights), parameters, mixedInputs(16)));
      const found = valuesOf(model);
      for (let output = 0; output < 3; output++) {
        const column = Array.from({ length: 16 }, (_, row) => found[row * 3 + output]);
        for (let start = 0; start < 16; start += 4) {
          expect(column.slice(start, start + 4).filter((weight) => weight !== 0)).toHaveLength(1);
        }
      }
    }),
    { seed: 2, numRuns: 15 },
  );
});

test('Wanda keeps a small weight of a large input', async () => {
  const inputs = calibrationOf([
    [
      [1, 1, 1, 100],
      [1, -1, 1, -100],
    ],
  ]);
  const model = product([4, 1], [3, 2, 1, 0.1]);
  const found = modelOf(await pruneScored.apply(model, { sparsity: 0.5, score: 'wanda' }, inputs));
  expect(valuesOf(found)).toEqual([3, 0, 0, 0.1].map(Math.fround));
});

test('SparseGPT moves what it removes to inputs that go along, and Wanda does not', async () => {
  const random = createRandom(6);
  const weights = Array.from({ length: 32 * 5 }, () => random.normal());
  const source = product([32, 5], weights);
  const inputs = mixedInputs(32);
  const error = async (score: string): Promise<number> => {
    const model = modelOf(await pruneScored.apply(source, { sparsity: 0.5, score }, inputs));
    expect(valuesOf(model).filter((weight) => weight === 0)).toHaveLength(80);
    return outputError(source, model, inputs);
  };
  expect(await error('sparsegpt')).toBeLessThan(0.3 * (await error('wanda')));
});

test('SparseGPT changes no weight that stays where inputs do not go along', async () => {
  const unit = Array.from({ length: 8 }, (_, row) =>
    Array.from({ length: 8 }, (__, at) => (at === row ? 1 : 0)),
  );
  const weights = [5, -1, 3, 2, -8, 4, 7, 6];
  const found = modelOf(
    await pruneScored.apply(
      product([8, 1], weights),
      { sparsity: 0.5, score: 'sparsegpt' },
      calibrationOf([unit]),
    ),
  );
  expect(valuesOf(found)).toEqual([5, 0, 0, 0, -8, 0, 7, 6]);
});

test('data change nothing of what goes by magnitude, and what goes inside an If goes too', async () => {
  const steps = stepsOn(parseVariant('prune-2-of-4'), 'onnx') ?? [];
  const inputs = calibrationOf([[[1, 1, 1, 100]]]);
  const weights = [3, 2, 1, 0.1];
  const sources = [
    { model: product([4, 1], weights), data: inputs },
    { model: branching(), data: drawnCalibration(branching()) },
  ];
  for (const { model, data } of sources)
    expect(await applyPasses(model, steps, data)).toEqual(await applyPasses(model, steps, undefined));
  const made = await applyPasses(product([4, 1], weights), steps, inputs);
  expect('model' in made && valuesOf(made.model)).toEqual([3, 2, 0, 0]);
});

test('the summary counts zeros and says how they were chosen', async () => {
  expect(await pruneNM.apply(product([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]), twoOfFour, null)).toMatchObject({
    summary:
      '4 of 8 weights are zero in 1 MatMul, Gemm and Conv tensors; 2 of 4 neighbours stay, by magnitude',
  });
});

test('a product whose inputs do not divide gives a reason and no file', async () => {
  expect(await pruneNM.apply(product([3, 1], [1, 2, 3]), twoOfFour, null)).toEqual({
    status: 'nothing-to-do',
    reason: 'no MatMul, Gemm or Conv has weights to prune: 1 whose inputs are no multiple of 4',
  });
});

test.for([
  'prune-2-of-4',
  'prune-2-of-4-wanda',
  'prune-wanda-50',
  'prune-sparsegpt-50',
  'prune-magnitude-50',
])('a weight without numbers leaves %s nothing to do', async (variant) => {
  const steps = stepsOn(parseVariant(variant), 'onnx') ?? [];
  const found = await applyPasses(product([0, 4], []), steps, calibrationOf([[[]]]));
  const why = variant === 'prune-magnitude-50' ? 'but 1 without numbers' : '1 whose weight is empty';
  expect(found).toEqual({ reason: expect.stringMatching(new RegExp(`${why}\\.$`, 'u')) as string });
});

test('without calibration data a score that needs them has nothing to do', async () => {
  const reason = 'it needs calibration data and there are none; --dataset or --suite names some';
  const model = product([4, 1], [1, 2, 3, 4]);
  expect(await pruneNM.apply(model, { ...twoOfFour, score: 'wanda' }, null)).toEqual({
    status: 'nothing-to-do',
    reason: `${reason}, and prune-2-of-4 needs none`,
  });
  expect(await pruneScored.apply(model, { sparsity: 0.5, score: 'wanda' }, null)).toEqual({
    status: 'nothing-to-do',
    reason,
  });
});

test('what is of the pattern already is left as it is', async () => {
  const model = product([4, 1], [0, 2, 0, 4]);
  expect(await pruneNM.apply(model, twoOfFour, null)).toEqual({
    status: 'nothing-to-do',
    reason: 'the weights that are to become zero are so already',
  });
});

test('data without a batch, or with inputs that are not finite, are refused', async () => {
  const model = product([4, 1], [1, 2, 3, 4]);
  const wanda = { sparsity: 0.5, score: 'wanda' };
  await expect(pruneScored.apply(model, wanda, calibrationOf([]))).rejects.toMatchObject({
    code: 'dataset-invalid',
    message: 'The calibration data (made for the test) hold no batch.',
  });
  await expect(pruneScored.apply(model, wanda, calibrationOf([[[1, NaN, 1, 1]]]))).rejects.toThrow(
    'The calibration data (made for the test) make the model compute values that are not finite.',
  );
});

test.for([
  { ...twoOfFour, keep: 4 },
  { ...twoOfFour, score: 'luck' },
])('the parameters %o are refused', async (parameters) => {
  await expect(pruneNM.apply(product([4, 1], [1, 2, 3, 4]), parameters, null)).rejects.toMatchObject({
    code: 'variant-invalid',
  });
});

test('a weight that is NaN is refused with its place', async () => {
  await expect(pruneNM.apply(product([4, 1], [1, 2, NaN, 4]), twoOfFour, null)).rejects.toThrow(
    'Weights "w" hold NaN at index 2; a pass needs finite weights.',
  );
});

function product(shape: number[], weights: number[], form: 'plain' | 'transposed' = 'plain'): OnnxModel {
  const [rows = 0, columns = 0] = form === 'plain' ? shape : shape.toReversed();
  const graph = buildGraph('product');
  graph.input('x', { type: 'float32', shape: ['batch', rows] });
  graph.initializer('w', { type: 'float32', shape, data: Float32Array.from(weights) });
  const attributes = { transB: { int: form === 'plain' ? 0 : 1 } };
  graph.node('Gemm', ['x', 'w'], { outputs: ['y'], attributes });
  graph.output('y', { type: 'float32', shape: ['batch', columns] });
  return graph.model();
}

/** Inputs that are mixtures of a few signals. */
function mixedInputs(width: number): Calibration {
  const random = createRandom(9);
  const mixing = Array.from({ length: width }, () => [random.normal(), random.normal(), random.normal()]);
  const rows = Array.from({ length: 128 }, () => {
    const signals = [random.normal(), random.normal(), random.normal()];
    return mixing.map((shares) =>
      shares.reduce((sum, share, at) => sum + share * (signals[at] ?? 0), 0.1 * random.normal()),
    );
  });
  return calibrationOf([rows.slice(0, 50), rows.slice(50)]);
}

function modelOf(outcome: PassOutcome): OnnxModel {
  if (outcome.status === 'applied') return outcome.model;
  throw new Error(`nothing to do: ${outcome.reason}`);
}

function valuesOf(model: OnnxModel): number[] {
  const [weight] = model.graph.initializer;
  return weight === undefined ? [] : [...(readTensor(weight).data as Float32Array)];
}
