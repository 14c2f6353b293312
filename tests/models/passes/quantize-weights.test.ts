import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { createRandom } from '../../../core/random.ts';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import { changed, type OnnxModel } from '../../../models/onnx/model.ts';
import { readTensor, shapeOf } from '../../../models/onnx/tensor.ts';
import {
  dequantizeBlocks,
  quantizeBlocks,
  type BlockLevels,
  type BlockSettings,
} from '../../../models/passes/block-quantization.ts';
import type { Calibration } from '../../../models/passes/calibration.ts';
import { quantizeHalfQuadratic } from '../../../models/passes/half-quadratic.ts';
import type { PassOutcome, PassParameters } from '../../../models/passes/pass.ts';
import { quantizeWeights } from '../../../models/passes/quantize-weights.ts';
import { goldenFile, goldenModel } from '../golden-models.ts';
import { kernelsOf, runModel, signalToErrorDb } from '../run-model.ts';
import { calibrationOf, outputError } from './small-calibration.ts';

const stored = z.object({ shape: z.array(z.int()), base64: z.string() });
const goldenSchema = z.object({
  madeBy: z.string(),
  weights: z.array(
    z.object({
      name: z.string(),
      weight: stored,
      quantized: z.array(
        z.object({
          bits: z.literal([2, 4, 8]),
          blockSize: z.literal([16, 32, 64, 128, 256]),
          isSymmetric: z.boolean(),
          values: stored,
          scales: stored,
          zeroPoints: stored.optional(),
        }),
      ),
    }),
  ),
});
const golden = goldenSchema.parse(JSON.parse(readFileSync(goldenFile('quantize-weights.json'), 'utf8')));
type Stored = z.output<typeof stored>;

const fourBits = { bits: 4, blockSize: 'per-shape', symmetry: 'asymmetric', method: 'rtn' };

test.for(golden.weights.map((one) => [one.name, one] as const))(
  'the levels, scales and zero points of %s equal those of Python to the bit',
  async ([, { weight, quantized }]) => {
    for (const { bits, blockSize, isSymmetric, ...expected } of quantized) {
      const parameters = { ...fourBits, bits, blockSize, symmetry: isSymmetric ? 'symmetric' : 'asymmetric' };
      const model = modelOf(await quantizeWeights.apply(product(weight), parameters, null));
      const values = storedIn(model, 'w_levels');
      expect(values.shape).toEqual(expected.values.shape);
      const [rows = 0] = weight.shape;
      expect(usedBits(values, { rows, bits })).toEqual(usedBits(expected.values, { rows, bits }));
      expect(storedIn(model, 'w_scales').base64).toBe(expected.scales.base64);
      if (expected.zeroPoints !== undefined)
        expect(storedIn(model, 'w_zero_points').base64).toBe(expected.zeroPoints.base64);
    }
  },
);

test('the golden file holds 342 forms of 38 weights, made by onnxruntime 1.30', () => {
  expect(golden.weights).toHaveLength(38);
  expect(golden.weights.flatMap(({ quantized }) => quantized)).toHaveLength(342);
  expect(golden.madeBy).toContain('1.30.0');
});

/** Python leaves whatever was there before in the bits of a last byte that no row uses. */
function usedBits({ shape, base64 }: Stored, { rows, bits }: { rows: number; bits: number }): number[] {
  const [, blocks = 0, blockBytes = 0] = shape;
  const columnBytes = blocks * blockBytes;
  return [...Buffer.from(base64, 'base64')].map((byte, index) => {
    const unused = (index % columnBytes) + 1 - (rows * bits) / 8;
    return unused > 0 && unused < 1 ? byte & (2 ** (8 - unused * 8) - 1) : byte;
  });
}

test.for([2, 4, 8] as const)('ONNX Runtime multiplies by what %s bits stand for', async (bits) => {
  for (const symmetry of ['symmetric', 'asymmetric']) {
    const source = layersOf([70, 33, 10]);
    const model = modelOf(await quantizeWeights.apply(source, { ...fourBits, bits, symmetry }, null));
    const settings = { bits, blockSize: 32, isSymmetric: symmetry === 'symmetric' };
    const expected = await runModel(withRoundedWeights(source, settings), 1);
    expect(signalToErrorDb(expected, await runModel(withAccuracyLevel(model, 0), 1))).toBeGreaterThan(110);
    expect(signalToErrorDb(expected, await runModel(model, 1))).toBeGreaterThan(33);
  }
});

test('the graph ONNX Runtime runs keeps MatMulNBits, at accuracy level 4', async () => {
  const model = modelOf(await quantizeWeights.apply(layersOf([70, 33, 10]), fourBits, null));
  const kernels = await kernelsOf(model);
  expect(kernels.filter((kernel) => kernel === 'MatMulNBits')).toHaveLength(2);
  expect(kernels).not.toContain('DequantizeLinear');
  expect(attributesOf(model, 'accuracy_level')).toEqual([4, 4]);
});

test('blocks are as large as leaves eight to a column, from 32 to 128, and 16 for 16 rows', async () => {
  const sizes: [rows: number, blockSize: number][] = [
    [9, 16],
    [16, 16],
    [17, 32],
    [511, 32],
    [512, 64],
    [1023, 64],
    [1024, 128],
    [4096, 128],
  ];
  for (const [rows, blockSize] of sizes) {
    const model = modelOf(await quantizeWeights.apply(layersOf([rows, 2]), fourBits, null));
    expect(attributesOf(model, 'block_size')).toEqual([blockSize]);
  }
});

test.for(['bias', 'transposed', 'scalar-bias', 'sequence', 'typed-field', 'shared-input', 'shared-weight'])(
  'the outputs of %s in 8 bits keep 35 dB over the error',
  async (name) => {
    const model = modelOf(await quantizeWeights.apply(goldenModel(name), { ...fourBits, bits: 8 }, null));
    const expected = await runModel(goldenModel(name), 1);
    expect(signalToErrorDb(expected, await runModel(model, 1))).toBeGreaterThan(35);
    expect(model.graph.initializer.map((tensor) => tensor.name)).not.toContain('w');
  },
);

test('a shared weight is stored once', async () => {
  const model = modelOf(await quantizeWeights.apply(goldenModel('shared-weight'), fourBits, null));
  expect(model.graph.initializer.filter(({ name }) => name.endsWith('_levels'))).toHaveLength(1);
  expect(model.graph.node.filter(({ opType }) => opType === 'MatMulNBits')).toHaveLength(2);
});

test('stacked and computed weights stay, and the summary says so', async () => {
  expect(await quantizeWeights.apply(goldenModel('stacked'), fourBits, null)).toEqual({
    status: 'nothing-to-do',
    reason:
      'no MatMul or Gemm has a constant float32 matrix as weight: 1 whose weight has more than two axes',
  });
  expect(await quantizeWeights.apply(goldenModel('mixed'), fourBits, null)).toMatchObject({
    summary:
      '2 of 3 MatMul and Gemm weights quantized to 4 bits, asymmetric, rounded to nearest; weights in blocks: 2 of 16; left in float: 1 whose weight is computed',
  });
});

test('no half-quadratic block has a larger sum of errors than a rounded one, and on the whole it is smaller', () => {
  const draw = fc.record({ seed: fc.integer(), isSymmetric: fc.boolean(), bits: fc.constantFrom(2, 4, 8) });
  const total = { nearest: 0, found: 0 };
  fc.assert(
    fc.property(draw, ({ seed, isSymmetric, bits }) => {
      const settings = { bits: bits, blockSize: 32, isSymmetric };
      const weight = { rows: 64, data: heavyTailed(seed, 64 * 3) };
      const nearest = lossOfBlocks(weight.data, quantizeBlocks(weight, settings), settings);
      const found = lossOfBlocks(weight.data, quantizeHalfQuadratic(weight, settings), settings);
      for (const [block, loss] of found.entries())
        expect(loss).toBeLessThanOrEqual((nearest[block] ?? 0) * (1 + 1e-5));
      total.nearest += sum(nearest);
      total.found += sum(found);
    }),
    { seed: 7, numRuns: 60 },
  );
  expect(total.found).toBeLessThan(0.98 * total.nearest);
});

test.for([2, 4] as const)(
  'GPTQ in %s bits has less error than rounding on the inputs it was given',
  async (bits) => {
    const source = layersOf([96, 40]);
    const calibration = correlatedInputs(96);
    const parameters = { ...fourBits, bits };
    const error = async (settings: PassParameters): Promise<number> => {
      const model = modelOf(await quantizeWeights.apply(source, settings, calibration));
      return outputError(source, withAccuracyLevel(model, 0), calibration);
    };
    expect(await error({ ...parameters, method: 'gptq' })).toBeLessThan(0.5 * (await error(parameters)));
  },
);

test('GPTQ on inputs that do not go along with each other is rounding', async () => {
  const source = layersOf([32, 6]);
  const parameters = { ...fourBits, blockSize: 32 };
  const found = modelOf(
    await quantizeWeights.apply(source, { ...parameters, method: 'gptq' }, unitInputs(32)),
  );
  const rounded = modelOf(await quantizeWeights.apply(source, parameters, null));
  expect(storedIn(found, 'w0_levels')).toEqual(storedIn(rounded, 'w0_levels'));
});

test('GPTQ without calibration data has nothing to do', async () => {
  expect(quantizeWeights.needsCalibration({ ...fourBits, method: 'gptq' })).toBe(true);
  expect(quantizeWeights.needsCalibration(fourBits)).toBe(false);
  expect(await quantizeWeights.apply(layersOf([8, 4]), { ...fourBits, method: 'gptq' }, null)).toEqual({
    status: 'nothing-to-do',
    reason:
      'it needs calibration data and there are none; --dataset or --suite names some, and int4-weights needs none',
  });
});

const placed = [NaN, Infinity].flatMap((value) => [0, 2].map((at) => [value, at] as const));

test.for(placed)('a weight that is %s is refused with its place, %i', async ([value, at]) => {
  const weights = Float32Array.of(1, 2, 3, 4).with(at, value);
  const weight = { shape: [2, 2], base64: encoded(weights) };
  await expect(quantizeWeights.apply(product(weight), fourBits, null)).rejects.toMatchObject({
    code: 'model-invalid',
    message: `Weights "w" hold ${value} at index ${at}; a pass needs finite weights.`,
  });
});

test('a range that passes float32 is refused', async () => {
  const weight = { shape: [2, 1], base64: encoded(Float32Array.of(3e38, -3e38)) };
  await expect(quantizeWeights.apply(product(weight), fourBits, null)).rejects.toThrow(
    'Weights "w" span more than the largest float32; their scale is not a float32.',
  );
});

test.for([{ bits: 3 }, { blockSize: 8 }, { method: 'awq' }])(
  'the parameters %o are refused',
  async (wrong) => {
    await expect(
      quantizeWeights.apply(layersOf([4, 4]), { ...fourBits, ...wrong }, null),
    ).rejects.toMatchObject({
      code: 'variant-invalid',
    });
  },
);

function product({ shape, base64 }: Stored): OnnxModel {
  const [rows = 0, columns = 0] = shape;
  const graph = buildGraph('product');
  graph.input('x', { type: 'float32', shape: ['batch', rows] });
  graph.initializer('w', {
    type: 'float32',
    shape,
    data: new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer),
  });
  graph.node('MatMul', ['x', 'w'], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', columns] });
  return graph.model();
}

/** Gemm layers of these widths with Relu between. */
function layersOf(widths: readonly number[]): OnnxModel {
  const random = createRandom(11);
  const normal = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  const graph: GraphBuilder = buildGraph('layers');
  let value = graph.input('x', { type: 'float32', shape: ['batch', widths[0] ?? 0] });
  for (let layer = 0; layer + 1 < widths.length; layer++) {
    const [rows = 0, columns = 0] = widths.slice(layer);
    const weight = graph.initializer(`w${layer}`, {
      type: 'float32',
      shape: [rows, columns],
      data: normal(rows * columns),
    });
    const bias = graph.initializer(`b${layer}`, { type: 'float32', shape: [columns], data: normal(columns) });
    const isLast = layer + 2 === widths.length;
    const sum = graph.node('Gemm', [value, weight, bias], isLast ? { outputs: ['y'] } : {});
    value = isLast ? sum : graph.node('Relu', [sum]);
  }
  graph.output('y', { type: 'float32', shape: ['batch', widths.at(-1) ?? 0] });
  return graph.model();
}

/** The same graph with float weights that are exactly what the levels stand for. */
function withRoundedWeights(model: OnnxModel, settings: BlockSettings): OnnxModel {
  const initializer = model.graph.initializer.map((tensor) => {
    const [rows = 0, columns = 1] = shapeOf(tensor);
    if (tensor.dims.length < 2) return tensor;
    const weight = { rows, data: turned(readTensor(tensor).data as Float32Array, columns) };
    const data = turned(dequantizeBlocks(quantizeBlocks(weight, settings), rows, settings), rows);
    return changed(tensor, { rawData: new Uint8Array(data.buffer) });
  });
  return changed(model, { graph: changed(model.graph, { initializer }) });
}

/** The transpose of a matrix with this many columns. */
function turned(data: Float32Array, columns: number): Float32Array {
  const rows = data.length / columns;
  return data.map((_, index) => data[(index % rows) * columns + Math.floor(index / rows)] ?? NaN);
}

function withAccuracyLevel(model: OnnxModel, level: number): OnnxModel {
  const node = model.graph.node.map((one) =>
    changed(one, {
      attribute: one.attribute.map((given) =>
        given.name === 'accuracy_level' ? changed(given, { i: level }) : given,
      ),
    }),
  );
  return changed(model, { graph: changed(model.graph, { node }) });
}

function attributesOf(model: OnnxModel, name: string): unknown[] {
  const nodes = model.graph.node.filter(({ opType }) => opType === 'MatMulNBits');
  return nodes.map(({ attribute }) => attribute.find((one) => one.name === name)?.i);
}

function heavyTailed(seed: number, length: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => random.normal() ** 3);
}

/** The sum of |error|^0.7 of each block. */
function lossOfBlocks(weights: Float32Array, found: BlockLevels, settings: BlockSettings): number[] {
  const errors = dequantizeBlocks(found, 64, settings).map(
    (value, index) => Math.abs(value - (weights[index] ?? NaN)) ** 0.7,
  );
  return Array.from(found.scales, (_, block) =>
    errors.subarray(block * 32, block * 32 + 32).reduce((a, b) => a + b, 0),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Inputs that are mixtures of a few signals. */
function correlatedInputs(width: number): Calibration {
  const random = createRandom(5);
  const normal = (length: number): number[] => Array.from({ length }, () => random.normal());
  const mixing = Array.from({ length: 8 }, () => normal(width));
  const rows = Array.from({ length: 256 }, () => {
    const signals = normal(8);
    return normal(width).map(
      (noise, at) =>
        0.1 * noise + signals.reduce((sum, signal, index) => sum + signal * (mixing[index]?.[at] ?? 0), 0),
    );
  });
  return calibrationOf([rows.slice(0, 100), rows.slice(100)]);
}

function unitInputs(width: number): Calibration {
  return calibrationOf([
    Array.from({ length: width }, (_, row) =>
      Array.from({ length: width }, (__, at) => (at === row ? 1 : 0)),
    ),
  ]);
}

function modelOf(outcome: PassOutcome): OnnxModel {
  if (outcome.status === 'applied') return outcome.model;
  throw new Error(`nothing to do: ${outcome.reason}`);
}

function storedIn(model: OnnxModel, name: string): Stored {
  const tensor = model.graph.initializer.find((candidate) => candidate.name === name);
  if (tensor === undefined) throw new Error(`no tensor ${name}`);
  return { shape: shapeOf(tensor), base64: Buffer.from(tensor.rawData).toString('base64') };
}

function encoded(values: Float32Array): string {
  return Buffer.from(values.buffer).toString('base64');
}
