import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { elementCount } from '../../../core/tensor.ts';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { applyPasses } from '../../../models/passes/apply.ts';
import type { Calibration } from '../../../models/passes/calibration.ts';
import { smoothQuant } from '../../../models/passes/smooth-quant.ts';
import { parseVariant, stepsOn } from '../../../models/variant.ts';
import { runModel, signalToErrorDb } from '../run-model.ts';
import { calibrationOf, drawnCalibration, outputError } from './small-calibration.ts';

const size = 32;

/**
 * A normalisation three of whose channels reach fifty times as far as the others, and are read by smaller weights, as in large language
 * models; then two layers.
 */
function withOutliers(): OnnxModel {
  const { graph, weight } = draw();
  const x = graph.input('x', { type: 'float32', shape: ['batch', 'length', size] });
  const reaches = (channel: number): boolean => channel % 11 === 3;
  const scale = Float32Array.from({ length: size }, (_, channel) => (reaches(channel) ? 50 : 1));
  const random = createRandom(8);
  const first = Float32Array.from({ length: 2 * size ** 2 }, (_, at) =>
    reaches(Math.floor(at / (2 * size))) ? random.normal() / 50 : random.normal(),
  );
  graph.initializer('first', { type: 'float32', shape: [size, 2 * size], data: first });
  graph.initializer('scale', { type: 'float32', shape: [size], data: scale });
  const normal = graph.node('LayerNormalization', [x, 'scale', weight(size)]);
  const wide = graph.node('Add', [graph.node('MatMul', [normal, 'first']), weight(2 * size)]);
  const narrow = graph.node('MatMul', [graph.node('Gelu', [wide]), weight(2 * size, size)]);
  graph.node('Identity', [narrow], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 'length', size] });
  return graph.model();
}

function draw(): { graph: GraphBuilder; weight: (...shape: number[]) => string } {
  const graph = buildGraph('smoothed');
  const random = createRandom(12);
  let count = 0;
  const weight = (...shape: number[]): string => {
    const data = Float32Array.from({ length: elementCount(shape) }, () => random.normal());
    return graph.initializer(`w${count++}`, { type: 'float32', shape, data });
  };
  return { graph, weight };
}

test.for(['int8-static', 'int8-dynamic'])(
  'channels that reach further cost %s 20 dB less once they are smoothed',
  async (quantizer) => {
    const source = withOutliers();
    const expected = await runModel(source, 6);
    const signal = async (variant: string): Promise<number> =>
      signalToErrorDb(expected, await runModel(await made(source, variant), 6));
    const plain = await signal(quantizer);
    expect(await signal(`smooth-quant+${quantizer}`)).toBeGreaterThan(plain + 20);
    expect(await signal(`smooth-quant-auto+${quantizer}`)).toBeGreaterThan(plain + 20);
  },
);

test('auto leaves alone what would err more on other rows than it was fitted on', async () => {
  const { graph, weight } = draw();
  const x = graph.input('x', { type: 'float32', shape: ['batch', 48] });
  graph.node('MatMul', [graph.node('Relu', [graph.node('MatMul', [x, weight(48, 64)])]), weight(64, 8)], {
    outputs: ['y'],
  });
  graph.output('y', { type: 'float32', shape: ['batch', 8] });
  const source = graph.model();
  const rows = drawnRows(48, 420);
  const errorOf = async (variant: string): Promise<number> => {
    const applied = await applyPasses(source, stepsOn(parseVariant(variant), 'onnx') ?? [], rows(1));
    return outputError(source, 'reason' in applied ? source : applied.model, rows(2));
  };
  const plain = await errorOf('int8-static');
  expect(await errorOf('smooth-quant-auto+int8-static')).toBeLessThan(1.2 * plain);
});

const calibrated = { alpha: 0.5 } as const;

test('smoothing alone changes nothing of what a model computes', async () => {
  const source = withOutliers();
  const found = await made(source, 'smooth-quant');
  expect(signalToErrorDb(await runModel(source, 6), await runModel(found, 6))).toBeGreaterThan(110);
});

test('the summary tells where inputs are divided', async () => {
  const source = withOutliers();
  expect(await smoothQuant.apply(source, calibrated, drawnCalibration(source))).toMatchObject({
    summary:
      '2 inputs of 2 products smoothed on made for the test; alpha: 2 of 0.5; divided in: 1 a Mul added, 1 LayerNormalization',
  });
});

/** Each ends in a product of `h`, which is made in another way. */
const makers: Readonly<Record<string, (drawing: ReturnType<typeof draw>) => void>> = {
  LayerNormalization: ({ graph, weight }) =>
    void graph.node('LayerNormalization', ['x', weight(size), weight(size)], { outputs: ['h'] }),
  Gemm: ({ graph, weight }) => {
    const made = graph.node('Gemm', ['x', weight(size, size), weight(size)]);
    graph.node('Relu', [made], { outputs: ['h'] });
  },
  Add: ({ graph, weight }) => {
    const made = graph.node('MatMul', ['x', weight(size, size)]);
    graph.node('Add', [made, weight(size)], { outputs: ['h'] });
  },
  MatMul: ({ graph, weight }) => void graph.node('MatMul', ['x', weight(size, size)], { outputs: ['h'] }),
  Mul: ({ graph, weight }) =>
    void graph.node('Mul', [graph.node('Tanh', ['x']), weight(1, size)], { outputs: ['h'] }),
  Flatten: ({ graph, weight }) => {
    const image = graph.node('Unsqueeze', ['x', axes(graph)]);
    const maps = graph.node('Relu', [graph.node('Conv', [image, weight(size, size, 1, 1), weight(size)])]);
    graph.node('Flatten', [graph.node('GlobalAveragePool', [maps])], { outputs: ['h'] });
  },
};

function axes(graph: GraphBuilder): string {
  return graph.initializer('axes', { type: 'int64', shape: [2], data: BigInt64Array.of(2n, 3n) });
}

test.for(Object.keys(makers))('the division goes into %s, without a node more', async (opType) => {
  const drawing = draw();
  const { graph, weight } = drawing;
  graph.input('x', { type: 'float32', shape: ['batch', size] });
  makers[opType]?.(drawing);
  const first = graph.node('MatMul', ['h', weight(size, 4)]);
  graph.node('Add', [first, graph.node('Gemm', ['h', weight(4, size)], transposed)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 4] });
  const source = graph.model();
  const found = await made(source, 'smooth-quant');
  const muls = ({ graph: { node } }: OnnxModel): number => node.filter((one) => one.opType === 'Mul').length;
  const isFed = opType === 'LayerNormalization' || opType === 'Mul' || opType === 'Flatten';
  // The product that makes it reads `x`, which nothing makes.
  expect(muls(found)).toBe(muls(source) + (isFed ? 0 : 1));
  expect(signalToErrorDb(await runModel(source, 3), await runModel(found, 3))).toBeGreaterThan(100);
});

const transposed = { attributes: { transB: { int: 1 } } };

test('a value that something else reads too is not divided itself', async () => {
  const { graph, weight } = draw();
  graph.input('x', { type: 'float32', shape: ['batch', size] });
  const normal = graph.node('LayerNormalization', ['x', weight(size)]);
  const sum = graph.node('Add', [graph.node('MatMul', [normal, weight(size, size)]), normal]);
  graph.node('Identity', [sum], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', size] });
  const found = await made(graph.model(), 'smooth-quant');
  expect(found.graph.node.map(({ opType }) => opType)).toEqual([
    'LayerNormalization',
    'Mul',
    'MatMul',
    'Add',
    'Identity',
  ]);
  expect(signalToErrorDb(await runModel(graph.model(), 3), await runModel(found, 3))).toBeGreaterThan(100);
});

test('a weight that something else reads keeps its product as it is', async () => {
  const { graph, weight } = draw();
  graph.input('x', { type: 'float32', shape: ['batch', size] });
  const shared = weight(size, size);
  graph.node('Add', [graph.node('MatMul', ['x', shared]), shared], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [size, size] });
  const source = graph.model();
  expect(await smoothQuant.apply(source, calibrated, drawnCalibration(source))).toEqual({
    status: 'nothing-to-do',
    reason:
      'no MatMul or Gemm has a constant float32 matrix of its own as weight: 1 whose weight something else reads too',
  });
});

type Make = (drawing: ReturnType<typeof draw>, maps: string) => void;

/** Each makes `h` of 16 channels of 4 x 4, with a last axis that is not theirs and as long as they are many: that, and the sizes before it. */
const images: readonly (readonly [string, number, readonly string[], Make])[] = [
  [
    'Reshape',
    16,
    ['a', 'b'],
    ({ graph }, maps) => {
      const sizes = { type: 'int64', shape: [3], data: BigInt64Array.of(0n, 16n, 16n) } as const;
      graph.node('Reshape', [maps, graph.initializer('sizes', sizes)], { outputs: ['h'] });
    },
  ],
  [
    'Flatten',
    16,
    ['a'],
    ({ graph }, maps) =>
      void graph.node('Flatten', [maps], { outputs: ['h'], attributes: { axis: { int: 2 } } }),
  ],
  [
    'MaxPool',
    4,
    ['a', 'b', 'c'],
    ({ graph, weight }, maps) => {
      const few = graph.node('Conv', [maps, weight(4, 16, 1, 1), weight(4)]);
      const attributes = { kernel_shape: { ints: [1, 1] } };
      graph.node('MaxPool', [few], { outputs: ['h'], attributes });
    },
  ],
];

test.for(images)(
  'channels before %s are not divided for a product along columns',
  async ([, columns, sizes, make]) => {
    const drawing = draw();
    const { graph, weight } = drawing;
    graph.input('x', { type: 'float32', shape: [2, 3, 4, 4] });
    make(drawing, graph.node('Conv', ['x', weight(16, 3, 1, 1), weight(16)]));
    graph.node('MatMul', ['h', weight(columns, 5)], { outputs: ['y'] });
    graph.output('y', { type: 'float32', shape: [...sizes, 5] });
    const found = await made(graph.model(), 'smooth-quant');
    expect(signalToErrorDb(await runModel(graph.model(), 3), await runModel(found, 3))).toBeGreaterThan(110);
  },
);

test.for([[[16]], [[1, 16]], [[3, 16]], [[16, 16]], [[1]], [[16, 1]]] as const)(
  'a Gemm with a bias of %o gives what it gave',
  async ([shape]) => {
    const { graph, weight } = draw();
    const rows = shape.length === 2 && shape[0] > 1 ? shape[0] : 3;
    graph.input('x', { type: 'float32', shape: [rows, 16] });
    const normal = graph.node('LayerNormalization', ['x', weight(16)]);
    const product = graph.node('Gemm', [normal, weight(16, 16), weight(...shape)]);
    graph.node('MatMul', [product, weight(16, 5)], { outputs: ['y'] });
    graph.output('y', { type: 'float32', shape: [rows, 5] });
    const found = await made(graph.model(), 'smooth-quant');
    expect(signalToErrorDb(await runModel(graph.model(), 3), await runModel(found, 3))).toBeGreaterThan(110);
  },
);

test.for([{ alpha: 0 }, { alpha: 1 }, { alpha: 'most' }])(
  'the parameters %o are refused',
  async (parameters) => {
    const source = withOutliers();
    await expect(smoothQuant.apply(source, parameters, drawnCalibration(source))).rejects.toMatchObject({
      code: 'variant-invalid',
    });
  },
);

function drawnRows(length: number, count: number): (seed: number) => Calibration {
  return (seed) => {
    const random = createRandom(seed);
    const row = (): number[] => Array.from({ length }, () => random.normal());
    return calibrationOf([Array.from({ length: count }, row)]);
  };
}

async function made(source: OnnxModel, variant: string): Promise<OnnxModel> {
  const calibration: Calibration = drawnCalibration(source);
  const applied = await applyPasses(source, stepsOn(parseVariant(variant), 'onnx') ?? [], calibration);
  if ('reason' in applied) throw new Error(applied.reason);
  return applied.model;
}
