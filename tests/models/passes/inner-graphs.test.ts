import { expect, test } from 'vitest';
import { changed, type OnnxModel } from '../../../models/onnx/model.ts';
import { scopesOf } from '../../../models/onnx/scopes.ts';
import { convertFp16 } from '../../../models/passes/convert-fp16.ts';
import { applyPasses } from '../../../models/passes/apply.ts';
import type { PassOutcome } from '../../../models/passes/pass.ts';
import { pruneMagnitude } from '../../../models/passes/prune-magnitude.ts';
import { pruneNM, pruneScored } from '../../../models/passes/prune-scored.ts';
import { pruneNeurons } from '../../../models/passes/prune-structures.ts';
import { quantizeDynamic } from '../../../models/passes/quantize-dynamic.ts';
import { quantizeStatic } from '../../../models/passes/quantize-static.ts';
import { quantizeWeights } from '../../../models/passes/quantize-weights.ts';
import { parseVariant, stepsOn } from '../../../models/variant.ts';
import { runModel, signalToErrorDb } from '../run-model.ts';
import { branching } from './branches.ts';
import { hiding, looping } from './looping.ts';
import { drawnCalibration } from './small-calibration.ts';

const int8 = { granularity: 'per-channel', reduceRange: false };
const int4 = { bits: 4, blockSize: 16, symmetry: 'asymmetric', method: 'rtn' };

test.for([
  [
    'quantize-dynamic',
    () => quantizeDynamic.apply(branching(), { ...int8, reduceRange: true }),
    '5 of 5 MatMul',
    30,
  ],
  [
    'quantize-weights',
    () => quantizeWeights.apply(branching(), { ...int4, bits: 8 }, null),
    '5 of 5 MatMul',
    35,
  ],
  [
    'prune-magnitude',
    () => pruneMagnitude.apply(branching(), { sparsity: 0.1, scope: 'global' }),
    'in 4 MatMul',
    20,
  ],
  [
    'quantize-weights, half-quadratic',
    () => quantizeWeights.apply(branching(), { ...int4, bits: 8, method: 'hqq' }, null),
    '5 of 5 MatMul',
    35,
  ],
] as const)(
  '%s rewrites products in the branches of an If, and either branch gives what it gave',
  async ([, apply, summary, bound]) => {
    const source = branching();
    const made = applied(await apply());
    expect(made.summary).toContain(summary);
    for (const seed of [1, 2, 3, 4]) {
      const expected = await runModel(source, seed);
      expect(signalToErrorDb(expected, await runModel(made.model, seed))).toBeGreaterThan(bound);
    }
  },
);

// Of all of int8 a kernel without VNNI may saturate.
test.for([
  'int8-dynamic-reduce-range',
  'int8-weights',
  'int8-weights-hqq',
  'prune-magnitude-10',
  'prune-15-of-16',
])(
  '%s keeps apart the weights and biases of a Loop body and those of their names outside',
  async (variant) => {
    const source = looping();
    const made = await applyPasses(source, stepsOn(parseVariant(variant), 'onnx') ?? [], undefined);
    if ('reason' in made) throw new Error(made.reason);
    for (const seed of [1, 2]) {
      const expected = await runModel(source, seed);
      expect(signalToErrorDb(expected, await runModel(made.model, seed))).toBeGreaterThan(20);
    }
  },
);

test('a value that a Loop body carries is no weight, though a weight outside has its name', async () => {
  const { summary } = applied(await quantizeDynamic.apply(hiding(), int8));
  expect(summary).toContain('1 of 3 MatMul and Gemm');
});

test('a weight that both branches read is stored once', async () => {
  const { model } = applied(await quantizeDynamic.apply(branching(), int8));
  const stored = scopesOf(model.graph).flatMap(({ graph }) => graph.initializer.map(({ name }) => name));
  expect(stored.filter((name) => /^(?:first|shared|own)$/u.test(name))).toEqual([]);
  expect(stored.filter((name) => /_quantized(?:_2)?$/u.test(name)).sort()).toEqual([
    'first_quantized',
    'own_quantized',
    'own_quantized_2',
    'shared_quantized',
  ]);
});

test('a node in a branch is left out by its name', async () => {
  const { summary } = applied(await quantizeDynamic.apply(branching(), { ...int8, leftOut: ['then_own'] }));
  expect(summary).toContain('4 of 5 MatMul');
});

test('n of m by magnitude prunes weights of a branch; what two products read stays', async () => {
  const { summary } = applied(await pruneNM.apply(branching(), { keep: 2, of: 4, score: 'magnitude' }, null));
  expect(summary).toContain('384 of 768 weights are zero in 3 MatMul');
  expect(summary).toContain('left as they are: 2 whose weight something else reads too');
});

const calibration = (): ReturnType<typeof drawnCalibration> => drawnCalibration(branching());

test.for([
  [
    'quantize-static',
    () =>
      quantizeStatic.apply(branching(), { ...int8, activations: 'uint8', ranges: 'min-max' }, calibration()),
    '4 inside If "choose"',
  ],
  [
    'quantize-weights by GPTQ',
    () => quantizeWeights.apply(branching(), { ...int4, method: 'gptq' }, calibration()),
    '4 inside a graph of a node, where GPTQ has no data',
  ],
  [
    'prune-scored',
    () => pruneScored.apply(branching(), { sparsity: 0.5, score: 'wanda' }, calibration()),
    '4 inside a graph of a node, where calibration has no data',
  ],
  [
    'convert-fp16',
    () => convertFp16.apply(branching(), { keep: '' }),
    'in float32: 1 If; products in float32: 4 inside If "choose"',
  ],
] as const)('%s names the products in branches that it leaves', async ([, apply, expected]) => {
  expect(applied(await apply()).summary).toContain(expected);
});

test('structured pruning finds nothing it may remove around an If, and says that it stops there', async () => {
  const parameters = { sparsity: 0.5, importance: 'weights', reconstruction: 'none', multiple: 1 };
  expect(await pruneNeurons.apply(branching(), parameters, null)).toMatchObject({ status: 'nothing-to-do' });
});

test('products of a function of the model, in graphs inside its nodes too, are named', async () => {
  const source = branching();
  const inFunction = { domain: 'own', name: 'Twice', overload: '', node: source.graph.node };
  const model: OnnxModel = changed(source, { functions: [inFunction] });
  const { summary } = applied(await quantizeDynamic.apply(model, int8));
  expect(summary).toContain('5 of 10 MatMul and Gemm');
  expect(summary).toContain('left in float: 5 inside the function Twice');
});

function applied(outcome: PassOutcome): Extract<PassOutcome, { status: 'applied' }> {
  if (outcome.status === 'applied') return outcome;
  throw new Error(outcome.reason);
}
