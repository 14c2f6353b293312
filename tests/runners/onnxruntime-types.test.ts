import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Tensor } from '../../core/tensor.ts';
import { createNode, type NodeParts } from '../../models/onnx/node.ts';
import { onnx } from '../../models/onnx/proto/onnx.js';
import { withPlainTensors } from '../../models/onnx/plain-tensors.ts';
import { decodeModelFile, readModelBytes } from '../../models/onnx/read.ts';
import { defaultTargetSettings } from '../../results/target-schema.ts';
import { onnxruntimeRunner } from '../../runners/onnxruntime/runner.ts';
import type { Session } from '../../runners/runner.ts';

type ValueType = onnx.TypeProto.$Properties;

const numbers = {
  float32: 1,
  int64: 7,
  string: 8,
  complex64: 14,
  bfloat16: 16,
  float8e4m3fn: 17,
  float8e5m2: 19,
};
const small = { uint4: 21, int4: 22 };

function tensor(elemType: number): ValueType {
  return { tensorType: { elemType, shape: { dim: [{ dimParam: 'rows' }, { dimValue: 2 }] } } };
}

/** Writes a network of these nodes from `x` to `y`. */
async function modelFile(
  nodes: readonly NodeParts[],
  { x, y, opset = 21 }: { x: ValueType; y: ValueType; opset?: number },
): Promise<string> {
  const model = onnx.ModelProto.create({
    irVersion: 10,
    opsetImport: [
      { domain: '', version: opset },
      { domain: 'ai.onnx.ml', version: 3 },
    ],
    graph: {
      name: 'types',
      node: nodes.map(createNode),
      input: [{ name: 'x', type: x }],
      output: [{ name: 'y', type: y }],
    },
  });
  const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'types-')), 'model.onnx');
  await writeFile(file, onnx.ModelProto.encode(model).finish());
  return file;
}

const cast = (to: number): NodeParts => ({
  opType: 'Cast',
  inputs: ['x'],
  outputs: ['y'],
  name: 'cast',
  attributes: { to: { int: to } },
});

const sessions: Session[] = [];
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
});

async function load(file: string): Promise<Session> {
  const settings = { ...defaultTargetSettings, device: 'cpu', deviceIndex: 0, threads: 1 };
  const session = await onnxruntimeRunner.load({ format: 'onnx', path: file }, settings);
  sessions.push(session);
  return session;
}

async function changesOf(file: string): Promise<readonly string[]> {
  return withPlainTensors(await decodeModelFile(await readModelBytes(file), file)).changes;
}

const x: Tensor = { type: 'float32', shape: [1, 2], data: Float32Array.of(1.5, -2) };

test.for(['bfloat16', 'float8e4m3fn', 'float8e5m2'] as const)(
  'an output of %s comes as float32',
  async (type) => {
    const file = await modelFile([cast(numbers[type])], { x: tensor(1), y: tensor(numbers[type]) });
    const session = await load(file);
    expect(session.outputs).toEqual([{ name: 'y', type: 'float32', shape: [null, 2] }]);
    expect((await session.run({ x })).y).toEqual(x);
    expect(await changesOf(file)).toEqual([`output "y" gives float32 for ${type}`]);
  },
);

test.for(['bfloat16', 'float8e4m3fn', 'float8e5m2'] as const)(
  'an input of %s takes float32',
  async (type) => {
    const file = await modelFile([cast(1)], { x: tensor(numbers[type]), y: tensor(1) });
    const session = await load(file);
    expect(session.inputs).toEqual([{ name: 'x', type: 'float32', shape: [null, 2] }]);
    expect((await session.run({ x })).y).toEqual(x);
    expect(await changesOf(file)).toEqual([`input "x" takes float32 for ${type}`]);
  },
);

test.for([
  ['int4', { type: 'int8', shape: [1, 2], data: Int8Array.of(-8, 7) }],
  ['uint4', { type: 'uint8', shape: [1, 2], data: Uint8Array.of(0, 15) }],
] as const)('%s goes in and comes out as integers of 8 bits', async ([type, values]) => {
  const wide = { type: 'float32', shape: [1, 2], data: Float32Array.from(values.data) } as const;
  const giving = await load(await modelFile([cast(small[type])], { x: tensor(1), y: tensor(small[type]) }));
  expect((await giving.run({ x: wide })).y).toEqual(values);
  const taking = await load(await modelFile([cast(1)], { x: tensor(small[type]), y: tensor(1) }));
  expect((await taking.run({ x: values })).y).toEqual(wide);
});

// Before opset 18 what opens an optional value took no plain one.
test.for([15, 18, 21])(
  'an optional input and an optional output of opset %i are plain ones',
  async (opset) => {
    const optional = { optionalType: { elemType: tensor(1) } };
    const node = (opType: string): NodeParts => ({ opType, inputs: ['x'], outputs: ['y'], name: 'node' });
    const giving = await modelFile([node('Optional')], { x: tensor(1), y: optional, opset });
    const taking = await modelFile([node('OptionalGetElement')], { x: optional, y: tensor(1), opset });
    expect((await (await load(giving)).run({ x })).y).toEqual(x);
    expect((await (await load(taking)).run({ x })).y).toEqual(x);
    expect([...(await changesOf(giving)), ...(await changesOf(taking))]).toEqual([
      'output "y" must be there',
      'input "x" is always there',
    ]);
  },
);

const zipMap = (inputs: string[]): NodeParts => ({
  opType: 'ZipMap',
  domain: 'ai.onnx.ml',
  inputs,
  outputs: ['y'],
  name: 'zip',
  attributes: { classlabels_int64s: { ints: [0, 1] } },
});
const maps = {
  sequenceType: {
    elemType: { mapType: { keyType: numbers.int64, valueType: { tensorType: { elemType: 1 } } } },
  },
};

test('ZipMap is taken out: its scores are the output', async () => {
  const softmax: NodeParts = { opType: 'Softmax', inputs: ['x'], outputs: ['scores'], name: 'softmax' };
  const file = await modelFile([softmax, zipMap(['scores'])], { x: tensor(1), y: maps });
  const session = await load(file);
  expect(session.outputs).toEqual([{ name: 'y', type: 'float32', shape: [null, 2] }]);
  const { y } = await session.run({ x });
  expect((y?.data as Float32Array)[0]).toBeCloseTo(1 / (1 + Math.exp(-3.5)), 6);
  expect(await changesOf(file)).toEqual([
    'ZipMap is taken out: output "y" is a tensor with a column a class',
  ]);
});

test.for([
  ['a sequence', { opType: 'SplitToSequence' }, 'The output "y" is a sequence of tensors of float32'],
] as const)('%s is refused with what is accepted', async ([, { opType }, message]) => {
  const node = { opType, inputs: ['x'], outputs: ['y'], name: 'node' };
  const file = await modelFile([node], { x: tensor(1), y: { sequenceType: { elemType: tensor(1) } } });
  await expect(load(file)).rejects.toThrow(
    `${message}; tensors of these types are accepted: bfloat16, bool, float16, float32, `,
  );
});

test('complex numbers, which ONNX Runtime does not load, are refused in the same words', async () => {
  const file = await modelFile([cast(14)], { x: tensor(1), y: tensor(numbers.complex64) });
  await expect(load(file)).rejects.toThrow(
    'The output "y" is complex64; tensors of these types are accepted',
  );
});

test('a model of plain tensors is left as it is', async () => {
  const file = await modelFile([cast(numbers.string)], { x: tensor(1), y: tensor(numbers.string) });
  const model = await decodeModelFile(await readModelBytes(file), file);
  expect(withPlainTensors(model)).toEqual({ model, changes: [] });
});
