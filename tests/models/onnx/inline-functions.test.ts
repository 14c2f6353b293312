import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { elementCount } from '../../../core/tensor.ts';
import { layersOf } from '../../../models/explain/layers.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { withInlinedProducts } from '../../../models/onnx/inline-functions.ts';
import { changed, type OnnxFunction, type OnnxModel, type OnnxNode } from '../../../models/onnx/model.ts';
import { createNode, type NodeParts } from '../../../models/onnx/node.ts';
import { onnx } from '../../../models/onnx/proto/onnx.js';
import { decodeModel } from '../../../models/onnx/read.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import { applyPasses } from '../../../models/passes/apply.ts';
import { leavingOut, parseVariant, stepsOn } from '../../../models/variant.ts';
import { branching } from '../passes/branches.ts';
import { drawnCalibration } from '../passes/small-calibration.ts';
import { runModel, signalToErrorDb } from '../run-model.ts';

test('a model computes the same with the nodes of its functions in the place of their calls, attributes and all', async () => {
  const source = layered();
  const inlined = withInlinedProducts(source);
  expect(inlined.functions).toEqual([]);
  expect(inlined.graph.node.map(({ opType }) => opType).join(' ')).toBe(
    'MatMul Add LeakyRelu MatMul Add LeakyRelu MatMul Add LeakyRelu',
  );
  const names = inlined.graph.node.flatMap(({ name, output }) => [name, ...output]);
  expect(new Set(names).size).toBe(names.length);
  expect(await runModel(inlined, 5)).toEqual(await runModel(source, 5));
});

test('what is left out of a call is left out of its nodes, and an attribute that nobody gives has its own default', async () => {
  const call = { opType: 'Layer', inputs: ['x', 'w0', ''], outputs: ['y'], name: 'call', domain: 'local' };
  const maybe = functionOf('Layer', [
    { opType: 'Gemm', inputs: ['a', 'b', 'c'], outputs: ['h'], name: '' },
    { opType: 'LeakyRelu', inputs: ['h'], outputs: ['d'], name: '' },
  ]);
  const own = changed(maybe, { attributeProto: [] });
  const source = changed(withCalls([call]), { functions: [own] });
  const inlined = withInlinedProducts(source);
  expect(inlined.graph.node[1]?.attribute).toEqual([]);
  expect(await runModel(inlined, 5)).toEqual(await runModel(source, 5));
});

test('functions without a product, of another operator set or with graphs inside their nodes are called as before', () => {
  const source = layered();
  const [layer, twice] = source.functions as [OnnxFunction, OnnxFunction];
  const relu = node({ opType: 'Relu', inputs: ['a'], outputs: ['d'], name: '' });
  const older = [{ domain: '', version: 20 }];
  const branches = branching().graph.node.filter(({ opType }) => opType === 'If');
  for (const changes of [{ node: [relu] }, { opsetImport: older }, { node: [...layer.node, ...branches] }]) {
    const other = changed(source, {
      functions: [changed(layer, changes), changed(twice, { opsetImport: older })],
    });
    expect(withInlinedProducts(other)).toBe(other);
  }
});

test('a function that another one still calls stays beside it', () => {
  const source = layered();
  const [layer, twice] = source.functions as [OnnxFunction, OnnxFunction];
  const other = changed(source, {
    functions: [layer, changed(twice, { opsetImport: [{ domain: '', version: 20 }] })],
  });
  const inlined = withInlinedProducts(other);
  expect(inlined.functions).toHaveLength(2);
  expect(inlined.graph.node.map(({ opType }) => opType)).toEqual(['Twice', 'MatMul', 'Add', 'LeakyRelu']);
});

test.for(['int8-dynamic-reduce-range', 'int8-static-reduce-range', 'int8-weights', 'fp16'])(
  '%s reaches the products of functions',
  async (variant) => {
    const source = layered();
    const made = await applyPasses(
      source,
      stepsOn(parseVariant(variant), 'onnx') ?? [],
      drawnCalibration(source),
    );
    if ('reason' in made) throw new Error(made.reason);
    const [{ summary } = { summary: '' }] = made.lineage;
    expect(summary).not.toContain('function');
    if (variant !== 'fp16') expect(summary).toMatch(/^3 of 3 /u);
    expect(signalToErrorDb(await runModel(source, 5), await runModel(made.model, 5))).toBeGreaterThan(20);
  },
);

test('a product of a function can be left in float32 by the name it is listed under', async () => {
  const source = layered();
  const layers = layersOf(source, 'quantize-dynamic');
  expect(layers.map(({ node: name }) => name)).toHaveLength(3);
  const plan = leavingOut(parseVariant('int8-dynamic'), [layers[0]?.node ?? '']);
  const made = await applyPasses(source, stepsOn(plan, 'onnx') ?? [], undefined);
  expect(made).toMatchObject({ lineage: [{ summary: expect.stringMatching(/^2 of 3 /u) as string }] });
});

/** Twice calls Layer two times, the graph calls each of them once. */
function layered(): OnnxModel {
  const calls = [
    { opType: 'Twice', inputs: ['x', 'w0', 'b'], outputs: ['h'], name: 'both', domain: 'local' },
    {
      ...{ opType: 'Layer', inputs: ['h', 'w1', 'b'], outputs: ['y'], name: '', domain: 'local' },
      attributes: { slope: { float: 0.5 } },
    },
  ];
  const layer = functionOf('Layer', [
    { opType: 'MatMul', inputs: ['a', 'b'], outputs: ['h'], name: 'product' },
    { opType: 'Add', inputs: ['h', 'c'], outputs: ['s'], name: '' },
    { opType: 'LeakyRelu', inputs: ['s'], outputs: ['d'], name: 'leaky' },
  ]);
  const call = { opType: 'Layer', domain: 'local' };
  const twice = functionOf('Twice', [
    { ...call, name: 'one', inputs: ['a', 'b', 'c'], outputs: ['h'] },
    { ...call, name: 'two', inputs: ['h', 'b', 'c'], outputs: ['d'] },
  ]);
  // As a file has it.
  return decodeModel(encodeModel(changed(withCalls(calls), { functions: [layer, twice] })), 'layered.onnx');
}

function withCalls(calls: readonly NodeParts[]): OnnxModel {
  const graph = buildGraph('calls');
  const random = createRandom(4);
  const store = (name: string, ...shape: number[]): void => {
    const data = Float32Array.from({ length: elementCount(shape) }, () => random.normal() / 3);
    graph.initializer(name, { type: 'float32', shape, data });
  };
  graph.input('x', { type: 'float32', shape: [16, 16] });
  for (const name of ['w0', 'w1']) store(name, 16, 16);
  store('b', 16);
  graph.output('y', { type: 'float32', shape: [16, 16] });
  const model = graph.model();
  const opsetImport = [
    ...model.opsetImport,
    onnx.OperatorSetIdProto.create({ domain: 'local', version: 1 }) as never,
  ];
  return changed(model, { opsetImport, graph: changed(model.graph, { node: calls.map(node) }) });
}

/** Of a, b and c, making d; the slope of its LeakyRelu is an attribute, by default 0.2. */
function functionOf(name: string, parts: readonly NodeParts[]): OnnxFunction {
  const nodes = parts.map((one) => {
    const made = node(one);
    const slope = onnx.AttributeProto.create({ name: 'alpha', type: 1, refAttrName: 'slope' }) as never;
    return one.opType === 'LeakyRelu' ? changed(made, { attribute: [slope] }) : made;
  });
  const sets = ['', 'local'].map((domain) => ({ domain, version: domain === '' ? 21 : 1 }));
  return onnx.FunctionProto.create({
    ...{ name, domain: 'local', input: ['a', 'b', 'c'], output: ['d'], node: nodes as never },
    ...{ opsetImport: sets, attributeProto: [{ name: 'slope', type: 1, f: 0.2 }] },
  }) as unknown as OnnxFunction;
}

function node(parts: NodeParts): OnnxNode {
  return createNode(parts);
}
