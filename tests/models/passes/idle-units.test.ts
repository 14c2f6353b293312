import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { changed, type OnnxModel } from '../../../models/onnx/model.ts';
import { newestOpset, oldestOpset } from '../../../models/onnx/opset.ts';
import { readTensor } from '../../../models/onnx/tensor.ts';
import { applyPasses } from '../../../models/passes/apply.ts';
import { parseVariant, stepsOn } from '../../../models/variant.ts';
import { drawnTensor } from '../drawn-tensor.ts';
import { runModel, signalToErrorDb } from '../run-model.ts';
import { drawnCalibration } from './small-calibration.ts';

/** Models half of which does next to nothing, so that no pass that takes half of it away changes what they give. */
const models = {
  neurons: perceptron,
  channels: residualNetwork,
  heads: attention,
  weights: everySecondWeight,
} satisfies Record<string, () => OnnxModel>;

const variantsOf: Readonly<Record<keyof typeof models, readonly string[]>> = {
  neurons: ['prune-neurons-50', 'prune-neurons-50-by-weights', 'prune-neurons-50-plain'],
  channels: ['prune-channels-50', 'prune-channels-50-by-weights', 'prune-channels-50-plain'],
  heads: ['prune-heads-50', 'prune-heads-50-plain'],
  weights: [
    ...['prune-magnitude-50', 'prune-magnitude-50-per-tensor', 'prune-wanda-50', 'prune-sparsegpt-50'],
    ...['prune-2-of-4', 'prune-2-of-4-wanda', 'prune-2-of-4-sparsegpt'],
  ],
};

const kinds = Object.keys(models) as (keyof typeof models)[];
const cases = kinds.flatMap((idle) =>
  variantsOf[idle].flatMap((variant) =>
    [oldestOpset, newestOpset].map((version) => ({ idle, variant, version })),
  ),
);

test.for(cases)(
  '$variant takes the idle half of the $idle, in operator set $version',
  async ({ idle, variant, version }) => {
    const model = models[idle]();
    const opsetImport = model.opsetImport.map((set) => changed(set, { version }));
    const source = changed(model, { opsetImport });
    const steps = stepsOn(parseVariant(variant), 'onnx') ?? [];
    const made = await applyPasses(source, steps, drawnCalibration(source));
    if ('reason' in made) throw new Error(made.reason);
    expect(numbersIn(made.model)).toBeLessThan(0.75 * numbersIn(source));
    expect(signalToErrorDb(await runModel(source, 5), await runModel(made.model, 5))).toBeGreaterThan(60);
  },
);

/** How many numbers other than 0 it stores. */
function numbersIn({ graph }: OnnxModel): number {
  const values = graph.initializer.flatMap((tensor) => Array.from(readTensor(tensor).data, Number));
  return values.filter((value) => value !== 0).length;
}

/** Next to nothing for every second of what lies `inner` numbers apart. */
function everySecond(inner: number): (at: number) => number {
  return (at) => (Math.floor(at / inner) % 2 === 0 ? 1 : 1e-5);
}

function perceptron(): OnnxModel {
  const { graph, weight } = start('perceptron');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 12] });
  const hidden = graph.node('Gemm', [x, weight([12, 32], everySecond(1)), weight([32], everySecond(1))]);
  const output = weight([32, 6], everySecond(6));
  graph.node('MatMul', [graph.node('Relu', [hidden]), output], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 6] });
  return graph.model();
}

/** Channels that a batch normalisation, a residual sum and a depthwise convolution hold together. */
function residualNetwork(): OnnxModel {
  const { graph, weight } = start('residual');
  const idle = everySecond(1);
  const both = (at: number): number => Math.min(everySecond(16)(at), idle(at));
  const x = graph.input('x', { type: 'float32', shape: ['batch', 3, 6, 6] });
  const first = graph.node('Conv', [x, weight([16, 3, 3, 3], everySecond(27)), weight([16], idle)]);
  const variance = graph.initializer('variance', {
    type: 'float32',
    shape: [16],
    data: new Float32Array(16).fill(0.5),
  });
  const statistics = [weight([16]), weight([16], idle), weight([16], idle), variance];
  const maps = graph.node('Relu', [graph.node('BatchNormalization', [first, ...statistics])]);
  const mixed = graph.node('Conv', [maps, weight([16, 16, 1, 1], both), weight([16], idle)]);
  const sum = graph.node('Relu', [graph.node('Add', [mixed, maps])]);
  const group = { attributes: { group: { int: 16 } } };
  const apart = graph.node('Conv', [sum, weight([16, 1, 3, 3]), weight([16], idle)], group);
  graph.node('Conv', [apart, weight([4, 16, 1, 1], idle)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 4, 2, 2] });
  return graph.model();
}

/** Four heads of 4 over 5 places: nothing reads every second one. */
function attention(): OnnxModel {
  const { graph, weight } = start('attention');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 5, 16] });
  const sizes = (...values: number[]): string =>
    graph.initializer(`sizes ${values.join()}`, {
      type: 'int64',
      shape: [values.length],
      data: BigInt64Array.from(values, BigInt),
    });
  const turned = (value: string, perm: number[]): string =>
    graph.node('Transpose', [value], { attributes: { perm: { ints: perm } } });
  const [heads, joined] = [sizes(0, 5, 4, 4), sizes(0, 5, 16)];
  const project = (perm: number[]): string =>
    turned(graph.node('Reshape', [graph.node('MatMul', [x, weight([16, 16])]), heads]), perm);
  const scores = graph.node('MatMul', [project([0, 2, 1, 3]), project([0, 2, 3, 1])]);
  const shares = graph.node('Softmax', [scores], { attributes: { axis: { int: -1 } } });
  const attended = turned(graph.node('MatMul', [shares, project([0, 2, 1, 3])]), [0, 2, 1, 3]);
  const output = weight([16, 16], everySecond(4 * 16));
  graph.node('MatMul', [graph.node('Reshape', [attended, joined]), output], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 5, 16] });
  return graph.model();
}

/** Every second weight along the inputs of each output is idle. */
function everySecondWeight(): OnnxModel {
  const { graph, weight } = start('weights');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 8, 4, 4] });
  const maps = graph.node('Relu', [
    graph.node('Conv', [x, weight([16, 8, 1, 1], everySecond(1)), weight([16])]),
  ]);
  const flat = graph.node('Flatten', [graph.node('GlobalAveragePool', [maps])]);
  const hidden = graph.node('Gemm', [flat, weight([16, 12], everySecond(12)), weight([12])]);
  const transposed = { attributes: { transB: { int: 1 } }, outputs: ['y'] };
  graph.node('Gemm', [graph.node('Relu', [hidden]), weight([6, 12], everySecond(1))], transposed);
  graph.output('y', { type: 'float32', shape: ['batch', 6] });
  return graph.model();
}

function start(name: string): {
  graph: ReturnType<typeof buildGraph>;
  weight: (shape: readonly number[], factorOf?: (at: number) => number) => string;
} {
  const graph = buildGraph(name);
  const random = createRandom(17);
  let count = 0;
  const weight = (shape: readonly number[], factorOf?: (at: number) => number): string =>
    graph.initializer(`w${count++}`, drawnTensor(random, shape, factorOf));
  return { graph, weight };
}
