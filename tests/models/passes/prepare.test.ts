import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { elementCount } from '../../../core/tensor.ts';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import { subgraphsOf } from '../../../models/onnx/graph.ts';
import { withInputsFor } from '../../../models/onnx/infer.ts';
import { changed, type OnnxModel, type OnnxNode, type OnnxTensor } from '../../../models/onnx/model.ts';
import { layersOf } from '../../../models/explain/layers.ts';
import { opsetOf } from '../../../models/onnx/opset.ts';
import { scopesOf } from '../../../models/onnx/scopes.ts';
import { createNode } from '../../../models/onnx/node.ts';
import { onnx } from '../../../models/onnx/proto/onnx.js';
import { createRawTensor, createTensor } from '../../../models/onnx/tensor.ts';
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

test.for(cases)(
  '%s of operators under the name ai.onnx give by %s what they give without it',
  async ([name, variant]) => {
    const plain = under('', networks[name]());
    const aliased = under('ai.onnx', networks[name]());
    expect(await made(aliased, variant)).toEqual(await made(plain, variant));
    expect(layersOf(aliased, 'convert-fp16')).toEqual(layersOf(plain, 'convert-fp16'));
  },
);

test('ai.onnx is the domain of ONNX itself inside an If and in functions too, and its last set counts', () => {
  const called = (domain: string): OnnxModel => {
    const model = branching();
    const node = branching().graph.node.slice(0, 1);
    const opsetImport = [{ domain: '', version: 15 }];
    const functions = [{ domain: 'own', name: 'Twice', overload: '', node, opsetImport }];
    return under(domain, changed(model, { functions }));
  };
  const aliased = called('ai.onnx');
  aliased.opsetImport.unshift({ domain: '', version: 7 });
  expect(opsetOf(aliased)).toBe(21);
  expect(preparedForPasses(aliased)).toEqual(called(''));
});

test.for(['prune-neurons-50', 'int8-dynamic', 'int4-weights', 'fp16'])(
  'a model of operator set 10 is told so instead of %s',
  async (variant) => {
    const refused = made(versioned(layers(), 5, 10), variant);
    await expect(refused).rejects.toThrow('Passes take operator sets 11 to 26; the model has 10.');
  },
);

/** The model with its sets and nodes, those inside nodes and functions too, in a domain. */
function under(domain: string, model: OnnxModel): OnnxModel {
  const { graph, opsetImport, functions } = model;
  const nodes = [...scopesOf(graph).map((scope) => scope.graph), ...functions].flatMap(({ node }) => node);
  const sets = [...opsetImport, ...functions.flatMap((one) => one.opsetImport ?? [])];
  for (const one of [...sets, ...nodes]) one.domain = domain;
  return model;
}

const numbers = {
  float32: { dataType: 1, bytes: new Uint8Array(Float32Array.of(0, NaN).buffer) },
  float16: { dataType: 10, bytes: new Uint8Array(Uint16Array.of(0x7c00, 0xfc01).buffer) },
  float64: { dataType: 11, bytes: new Uint8Array(Float64Array.of(0, NaN).buffer) },
  bfloat16: { dataType: 16, bytes: new Uint8Array(Uint16Array.of(0x7f80, 0xffff).buffer) },
};

test.for(Object.keys(numbers) as (keyof typeof numbers)[])(
  'a %s number that is NaN is refused: among initializers, in Constant nodes, inside an If, in functions',
  (type) => {
    const { dataType, bytes } = numbers[type];
    const tensor = createRawTensor('', { dataType, shape: [2], rawData: bytes });
    const listed = layers();
    listed.graph.initializer.push(changed(tensor, { name: 'held' }));
    const inside = branching();
    branchesOf(inside)[1]?.node.push(constant({ value: tensor }));
    const outside = layers();
    outside.graph.node.push(constant({ value: tensor }));
    const called = { domain: 'own', name: 'Twice', overload: '', node: [constant({ value: tensor })] };
    for (const model of [listed, inside, outside, changed(layers(), { functions: [called] })])
      expect(() => preparedForPasses(model)).toThrow('Weights "held" hold NaN at index 1;');
  },
);

test('floats of a Constant that are no tensor are looked at too', () => {
  const model = layers();
  model.graph.node.push(constant({ floats: [1, 2, NaN] }));
  expect(() => preparedForPasses(model)).toThrow('Weights "held" hold NaN at index 2;');
});

test.for(['fp16', 'int8-dynamic'])(
  'an infinite weight in a Constant node is refused by %s, transposed or not; one that no product reads passes',
  async (variant) => {
    const held = Array.from({ length: 256 }, (_, at) => (at === 2 ? -Infinity : 1));
    for (const operator of ['MatMul', 'Transpose', 'Add']) {
      const refused = made(multiplying(held, operator), variant);
      if (operator === 'Add') expect((await refused).graph.node.length).toBeGreaterThan(1);
      else await expect(refused).rejects.toThrow('Weights "held" hold -Infinity at index 2;');
    }
  },
);

/** A product, and one more by what a Constant holds, or its sum with that. */
function multiplying(held: number[], operator: string): OnnxModel {
  const { graph, weight } = draw();
  const x = graph.input('x', { type: 'float32', shape: [16, 16] });
  const data = Float32Array.from(held);
  const tensor = { type: 'float32', shape: [16, 16], data } as const;
  graph.node('Constant', [], { outputs: ['held'], attributes: { value: { tensor } } });
  const second = operator === 'Transpose' ? graph.node('Transpose', ['held']) : 'held';
  const first = graph.node('MatMul', [x, weight('first', 16, 16)]);
  graph.node(operator === 'Add' ? 'Add' : 'MatMul', [first, second], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [16, 16] });
  return graph.model();
}

function branchesOf({ graph }: OnnxModel): OnnxModel['graph'][] {
  return graph.node.flatMap(subgraphsOf);
}

function constant(holds: { value: OnnxTensor } | { floats: number[] }): OnnxNode {
  const node = createNode({ opType: 'Constant', inputs: [], outputs: ['held'], name: '' });
  const fields =
    'value' in holds
      ? { name: 'value', type: 4, t: holds.value }
      : { name: 'value_floats', type: 6, ...holds };
  const attribute = [onnx.AttributeProto.create(fields)] as OnnxNode['attribute'];
  return changed(node, { attribute });
}

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
