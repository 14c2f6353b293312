import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { assertSound, readSound } from '../../../models/onnx/check.ts';
import {
  changed,
  type OnnxFunction,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
} from '../../../models/onnx/model.ts';
import { createNode } from '../../../models/onnx/node.ts';
import { onnx } from '../../../models/onnx/proto/onnx.js';
import { createTensor } from '../../../models/onnx/tensor.ts';
import { encodeModel } from '../../../models/onnx/write.ts';

test.each([
  ['itself', { First: 'First' }, 'First'],
  ['one that calls it', { First: 'Second', Second: 'First' }, 'First'],
  ['one that comes to', { First: 'Second', Second: 'Third', Third: 'Second' }, 'Second'],
])('a function that calls %s is refused by name', (_, calls, name) => {
  expect(() => {
    assertSound(withFunctions(calls));
  }).toThrow(`The model's function "${name}" comes to call itself, which ONNX does not allow.`);
});

test('a function that calls itself inside an If is refused', () => {
  const model = withFunctions({ First: 'Relu' });
  const branch = changed(model.graph, { node: [call('First')] });
  const inside = createNode({ opType: 'If', name: 'if', inputs: ['a'], outputs: ['b'] });
  inside.attribute.push(
    onnx.AttributeProto.create({ name: 'then_branch', type: 5, g: branch as never }) as never,
  );
  const functions = model.functions.map((one) => changed(one, { node: [inside] }));
  expect(() => {
    assertSound(changed(model, { functions }));
  }).toThrow('"First" comes to call itself');
});

test('functions that call others pass, and so do two of one name that an overload tells apart', () => {
  assertSound(withFunctions({ First: 'Second', Second: 'Third', Third: 'Relu' }));
  const functions = withFunctions({ First: 'First' }).functions.map((one) =>
    changed(one, { node: one.node.map((node) => changed(node, { overload: 'other' })) }),
  );
  assertSound(changed(identity(), { functions }));
});

test('a file of an IR version to come is refused by its number and its path', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-check-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'new.onnx');
  await writeFile(file, encodeModel(changed(identity(), { irVersion: 99 })));
  await expect(readSound(file)).rejects.toMatchObject({
    code: 'model-invalid',
    message: `${file}: The model is of IR version 99; ONNX Runtime 1.30 loads versions up to 13.`,
    hint: 'Export the model again for IR version 13 or less.',
  });
});

test.for([
  [{ dims: [-2, -2] }, 'Tensor "w" (float32 [-2, -2]) has a negative size; sizes from 0 on are accepted.'],
  [{ dims: [4, -1] }, 'Tensor "w" (float32 [4, -1]) has a negative size; sizes from 0 on are accepted.'],
  [
    { rawData: new Uint8Array(12) },
    'Tensor "w" (float32 [2, 2]) holds 12 bytes of values; its shape asks for 16.',
  ],
  [
    { dims: Array<number>(20_000).fill(0) },
    `Tensor "w" (float32 [${'0, '.repeat(16)}and 19984 more]) holds 16 bytes of values`,
  ],
  [{ dims: [1e12, 1e12] }, 'Tensor "w" (float32 [1000000000000, 1000000000000]) holds 16 bytes of values'],
] as const)(
  'a file with a stored tensor changed by %o is refused by tensor and path',
  async ([changes, told]) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-check-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = path.join(folder, 'damaged.onnx');
    const weight = createTensor('w', { type: 'float32', shape: [2, 2], data: new Float32Array(4) });
    const model = identity();
    const initializer = [changed(weight, changes as Partial<OnnxTensor>)];
    await writeFile(file, encodeModel(changed(model, { graph: changed(model.graph, { initializer }) })));
    await expect(readSound(file)).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining(`${file}: ${told}`) as string,
    });
  },
);

test('stored tensors of half bytes, of text, of none and of typed fields pass', () => {
  const tensors = [
    onnx.TensorProto.create({ name: 'halves', dims: [3], dataType: 22, rawData: new Uint8Array(2) }),
    createTensor('text', { type: 'string', shape: [1], data: ['a'] }),
    createTensor('none', { type: 'float32', shape: [0, 4], data: new Float32Array() }),
    onnx.TensorProto.create({ name: 'typed', dims: [2], dataType: 1, floatData: [1, 2] }),
  ] as OnnxTensor[];
  const model = identity();
  assertSound(changed(model, { graph: changed(model.graph, { initializer: tensors }) }));
});

function identity(): OnnxModel {
  const graph = buildGraph('identity');
  graph.node('Identity', [graph.input('x', { type: 'float32', shape: [1] })], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [1] });
  return graph.model();
}

/** Functions by name, each with a call of another. */
function withFunctions(calls: Readonly<Record<string, string>>): OnnxModel {
  const functions = Object.entries(calls).map(([name, called]) => functionOf(name, call(called)));
  return changed(identity(), { functions });
}

function functionOf(name: string, node: OnnxNode): OnnxFunction {
  return onnx.FunctionProto.create({
    name,
    domain: 'own',
    input: ['a'],
    output: ['b'],
    node: [node],
  }) as OnnxFunction;
}

function call(opType: string): OnnxNode {
  return createNode({ opType, domain: 'own', name: `call ${opType}`, inputs: ['a'], outputs: ['b'] });
}
