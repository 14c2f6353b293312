import { expect, test } from 'vitest';
import { createRandom } from '../../core/random.ts';
import { drawnBatches, smallSize } from '../../models/architectures/registry.ts';
import type { OnnxModel } from '../../models/onnx/model.ts';
import { executedGraph } from '../../models/onnx/optimize.ts';
import { toOrtValues } from '../../models/onnx/ort-values.ts';
import { openSession } from '../../models/onnx/session.ts';
import { applyPasses } from '../../models/passes/apply.ts';
import { parseVariant, stepsOn } from '../../models/variant.ts';
import { exactSettings, signalToErrorDb } from './run-model.ts';

type Name = keyof typeof smallSize;
const names = Object.keys(smallSize) as Name[];
const calibrationBatches = 32;

/** For the outputs of drawn weights: what is pruned is judged on trained models elsewhere, here it has to run. */
const leastDb: Readonly<Record<string, number>> = {
  'int8-dynamic': 30,
  'int8-dynamic-per-tensor': 30,
  'int8-static': 25,
  'smooth-quant+int8-static': 25,
  'int8-weights': 30,
  'int4-weights': 10,
  'int4-weights-gptq': 10,
  fp16: 55,
  'prune-magnitude-50': -10,
  'prune-2-of-4': -10,
  'prune-wanda-50': -10,
  'prune-sparsegpt-50': -10,
  'prune-neurons-50': -10,
  'prune-channels-50': -10,
  'prune-heads-50': -10,
};

const nothingWith = (units: string): RegExp =>
  new RegExp(
    `^prune-${units} has nothing to do: no layer has ${units} that could go without changing an input`,
  );
/** Passes with nothing to do on an architecture, and why. */
const skipped: Readonly<Record<Name, Readonly<Record<string, RegExp>>>> = {
  perceptron: {
    'prune-channels-50': nothingWith('channels'),
    'prune-heads-50': nothingWith('heads'),
  },
  'resnet-50': { 'prune-neurons-50': nothingWith('neurons'), 'prune-heads-50': nothingWith('heads') },
  'mobilenet-v2': { 'prune-neurons-50': nothingWith('neurons'), 'prune-heads-50': nothingWith('heads') },
  'bert-base': { 'prune-channels-50': nothingWith('channels') },
  // A head less would be a cache less: an input of the graph.
  'gpt-2': { 'prune-channels-50': nothingWith('channels'), 'prune-heads-50': nothingWith('heads') },
};

const cases = names.flatMap((name) =>
  Object.entries(leastDb).flatMap(([variant, least]) =>
    variant in skipped[name] ? [] : [{ name, variant, least }],
  ),
);

test.for(cases)('a small $name as $variant loads and keeps $least dB', async ({ name, variant, least }) => {
  const made = await make(name, variant);
  if ('reason' in made) throw new Error(made.reason);
  const [expected, found] = [await outputsOf(sources[name], name), await outputsOf(made.model, name)];
  expect(signalToErrorDb(expected, found)).toBeGreaterThan(least);
});

test.for(
  names.flatMap((name) => Object.entries(skipped[name]).map(([variant, why]) => ({ name, variant, why }))),
)('a small $name as $variant is skipped with the reason', async ({ name, variant, why }) => {
  expect(await make(name, variant)).toMatchObject({ reason: expect.stringMatching(why) as string });
});

/** Kernels that must run, and plain ones that must not. */
const fused: readonly [Name, variant: string, kernels: readonly string[], plain: readonly string[]][] = [
  ['perceptron', 'int8-dynamic', ['DynamicQuantizeMatMul'], ['Gemm', 'MatMulInteger']],
  ['perceptron', 'int8-static', ['QGemm'], ['Gemm']],
  ['perceptron', 'int4-weights', ['MatMulNBits'], ['Gemm']],
  ['resnet-50', 'int8-static', ['QLinearConv', 'QLinearAdd', 'QLinearGlobalAveragePool'], ['Conv', 'Add']],
  ['mobilenet-v2', 'int8-static', ['QLinearConv', 'QLinearAdd'], ['Conv', 'Clip', 'Add']],
  [
    'bert-base',
    'int8-dynamic',
    ['DynamicQuantizeMatMul', 'MatMulIntegerToFloat', 'LayerNormalization'],
    ['MatMulInteger', 'SkipLayerNormalization'],
  ],
  [
    'bert-base',
    'int8-static',
    ['MatMulIntegerToFloat', 'LayerNormalization'],
    ['MatMulInteger', 'SkipLayerNormalization'],
  ],
  ['bert-base', 'int8-weights', ['MatMulNBits'], []],
  ['gpt-2', 'int8-dynamic', ['DynamicQuantizeMatMul', 'MatMulIntegerToFloat'], ['MatMulInteger']],
  ['gpt-2', 'int4-weights', ['MatMulNBits'], []],
];

test.for(fused)(
  'a small %s as %s runs %s, and no DequantizeLinear within',
  async ([name, variant, ours, plain]) => {
    const made = await make(name, variant);
    if ('reason' in made) throw new Error(made.reason);
    const executed = (await executedGraph(made.model)).node.map(({ opType }) => opType);
    expect(executed).toEqual(expect.arrayContaining([...ours]));
    for (const one of [...plain, 'DequantizeLinear']) expect(executed).not.toContain(one);
  },
);

const sources = Object.fromEntries(names.map((name) => [name, smallSize[name].build(1)])) as Record<
  Name,
  OnnxModel
>;

function make(name: Name, variant: string): ReturnType<typeof applyPasses> {
  const steps = stepsOn(parseVariant(variant), 'onnx') ?? [];
  return applyPasses(sources[name], steps, drawnBatches(smallSize[name], calibrationBatches));
}

/** What it gives first: logits, not caches. */
async function outputsOf(model: OnnxModel, name: Name): Promise<Float32Array[]> {
  const session = await openSession(model, { intraOpNumThreads: 1, ...exactSettings(model) });
  const inputs = smallSize[name].inputs(createRandom(100));
  const outputs = session.run(toOrtValues(session.inputs, inputs));
  session.close();
  const wanted = 'logits' in outputs ? 'logits' : (Object.keys(outputs)[0] ?? '');
  return [outputs[wanted]?.data as Float32Array];
}
