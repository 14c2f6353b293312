import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { elementCount } from '../../../core/tensor.ts';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import { withInputsFor } from '../../../models/onnx/infer.ts';
import { changed, type OnnxModel } from '../../../models/onnx/model.ts';
import { createTensor } from '../../../models/onnx/tensor.ts';
import { applyPasses } from '../../../models/passes/apply.ts';
import { preparedForPasses } from '../../../models/passes/prepare.ts';
import { parseVariant, stepsOn } from '../../../models/variant.ts';
import { runModel, signalToErrorDb } from '../run-model.ts';
import { branching } from './branches.ts';
import { drawnCalibration } from './small-calibration.ts';

const neurons = ['fp16', 'prune-neurons-50-plain', 'prune-neurons-50', 'prune-2-of-4', 'int8-dynamic'];
const cases = [
  ...neurons.map((variant) => ['layers', variant] as const),
  ...['fp16', 'prune-channels-50-plain', 'int8-static'].map((variant) => ['image', variant] as const),
];
const networks = { layers, image };

test.for(
  cases.flatMap(([name, variant]) => [[name, variant, 3, 11] as const, [name, variant, 8, 15] as const]),
)(
  '%s whose stored tensors are inputs too give by %s what they give without, at IR %i and operator set %i',
  async ([name, variant, irVersion, opset]) => {
    const source = versioned(networks[name](), irVersion, opset);
    const listed = changed(source, { graph: withListed(source) });
    const found = await made(listed, variant);
    expect(found.graph.input).toEqual(source.graph.input);
    expect(Number(found.irVersion)).toBe(Math.max(irVersion, 4));
    const expected = await runModel(await made(source, variant), 3);
    expect(signalToErrorDb(expected, await runModel(found, 3))).toBe(Infinity);
  },
);

test.for(['int8-dynamic', 'int4-weights', 'prune-2-of-4', 'prune-magnitude-50', 'fp16'])(
  'a bias that is NaN or infinite is refused by %s',
  async (variant) => {
    for (const value of [NaN, Infinity]) {
      const refused = made(layers(value), variant);
      await expect(refused).rejects.toMatchObject({
        code: 'model-invalid',
        message: `Weights "bias" hold ${value} at index 2; a pass needs finite weights.`,
      });
    }
  },
);

test('an infinite weight that only products inside an If read is refused', () => {
  const model = withOuter(branching(), 'shared', [16, 16]);
  expect(() => preparedForPasses(model)).toThrow('Weights "shared" hold Infinity at index 2;');
});

test('an infinity passes that no product reads, though one inside an If has a weight of its name', () => {
  const model = withOuter(branching(), 'own', [16]);
  expect(preparedForPasses(model)).toBe(model);
});

/** The model with a tensor stored outside of its branches that holds an infinity. */
function withOuter(model: OnnxModel, name: string, shape: number[]): OnnxModel {
  const data = new Float32Array(elementCount(shape)).with(2, Infinity);
  const others = model.graph.initializer.filter((tensor) => tensor.name !== name);
  const initializer = [...others, createTensor(name, { type: 'float32', shape, data })];
  return changed(model, { graph: changed(model.graph, { initializer }) });
}

function withListed({ graph }: OnnxModel): OnnxModel['graph'] {
  const { input } = withInputsFor(graph, graph.initializer);
  return changed(graph, { input });
}

function versioned(model: OnnxModel, irVersion: number, opset: number): OnnxModel {
  const opsetImport = model.opsetImport.map((set) => changed(set, { version: opset }));
  return changed(model, { irVersion, opsetImport });
}

function draw(): { graph: GraphBuilder; weight: (name: string, ...shape: number[]) => string } {
  const graph = buildGraph('listed');
  const random = createRandom(12);
  const weight = (name: string, ...shape: number[]): string => {
    const data = Float32Array.from({ length: elementCount(shape) }, () => random.normal());
    return graph.initializer(name, { type: 'float32', shape, data });
  };
  return { graph, weight };
}

function layers(inBias = 0.5): OnnxModel {
  const { graph, weight } = draw();
  const x = graph.input('x', { type: 'float32', shape: ['batch', 16] });
  const data = new Float32Array(16).with(2, inBias);
  const bias = graph.initializer('bias', { type: 'float32', shape: [16], data });
  const hidden = graph.node('Relu', [graph.node('Gemm', [x, weight('first', 16, 16), bias])]);
  graph.node('MatMul', [hidden, weight('second', 16, 4)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 4] });
  return graph.model();
}

function image(): OnnxModel {
  const { graph, weight } = draw();
  const x = graph.input('x', { type: 'float32', shape: ['batch', 3, 6, 6] });
  const maps = graph.node('Conv', [x, weight('first', 16, 3, 3, 3), weight('bias', 16)]);
  graph.node('Conv', [graph.node('Relu', [maps]), weight('second', 4, 16, 1, 1)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 4, 4, 4] });
  return graph.model();
}

async function made(source: OnnxModel, variant: string): Promise<OnnxModel> {
  const stored = new Set(source.graph.initializer.map(({ name }) => name));
  const input = source.graph.input.filter(({ name }) => !stored.has(name));
  const calibration = drawnCalibration(changed(source, { graph: changed(source.graph, { input }) }));
  const applied = await applyPasses(source, stepsOn(parseVariant(variant), 'onnx') ?? [], calibration);
  if ('reason' in applied) throw new Error(applied.reason);
  return applied.model;
}
