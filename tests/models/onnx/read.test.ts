import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { expect, test } from 'vitest';
import { AssayError } from '../../../core/errors.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { changed, type Int64, type OnnxModel, type OnnxTensor } from '../../../models/onnx/model.ts';
import { decodeModel, readModelBytes } from '../../../models/onnx/read.ts';
import { createTensor } from '../../../models/onnx/tensor.ts';
import { onnx } from '../../../models/onnx/proto/onnx.js';
import { encodeModel, encodePieces } from '../../../models/onnx/write.ts';
import { goldenBytes, goldenModel, goldenNames } from '../golden-models.ts';

test.for(goldenNames)('%s, written by Python, is the same to the byte after reading and writing', (name) => {
  const bytes = goldenBytes(name);
  expect(Buffer.from(encodeModel(decodeModel(bytes, name))).equals(bytes)).toBe(true);
});

test('fields of later versions of the format survive reading, changing and writing', () => {
  // Field 1000, wire type 2: a tag of two bytes, the length, the text.
  const unknown = Buffer.concat([Buffer.from([0xc2, 0x3e, 5]), Buffer.from('later')]);
  const model = decodeModel(Buffer.concat([goldenBytes('bias'), unknown]), 'later.onnx');
  const written = Buffer.from(encodeModel(changed(model, { producerName: 'someone' })));
  expect(written.includes(unknown)).toBe(true);
  expect(decodeModel(written, 'again.onnx').producerName).toBe('someone');
});

test('a model with large weights, some in a message in a message, is written to the byte as protobufjs writes it', () => {
  const graph = buildGraph('large');
  const data = Uint8Array.from({ length: 2 ** 21 + 1 }, (_, at) => at % 251);
  const weight = (bytes: number): Tensor => ({
    type: 'uint8',
    shape: [bytes],
    data: data.subarray(0, bytes),
  });
  for (const bytes of [2 ** 14 - 1, 2 ** 14, 2 ** 21 + 1, 3]) graph.initializer(`w${bytes}`, weight(bytes));
  const attributes = { value: { tensor: weight(2 ** 15) } };
  for (const name of ['y', 'z']) graph.output(name, { type: 'uint8', shape: [2 ** 15] });
  for (const name of ['y', 'z']) graph.node('Constant', [], { outputs: [name], attributes });
  const model = graph.model();
  const plain = onnx.ModelProto.encode(model).finish();
  expect(Buffer.from(encodeModel(model)).equals(plain)).toBe(true);
  expect(encodePieces(model).includes(model.graph.initializer[2]?.rawData ?? data)).toBe(true);
});

test('64-bit integers keep their last digit', () => {
  const largest = 2n ** 63n - 1n;
  const tensor = createTensor('bounds', { type: 'int64', shape: [2], data: new BigInt64Array(2) });
  const typed = changed(tensor, {
    rawData: new Uint8Array(),
    int64Data: [longOf(largest), longOf(-largest)],
  });
  const read = decodeModel(encodeModel(withTensor(typed)), 'large.onnx').graph.initializer[0]?.int64Data;
  expect(read?.map(String)).toEqual([String(largest), String(-largest)]);
});

test('a model cut anywhere is refused, never read as a smaller one', () => {
  const bytes = goldenBytes('mixed');
  for (let length = 1; length < bytes.length; length++) {
    expect(errorOf(bytes.subarray(0, length)).message).toMatch(
      /^model\.onnx is not a whole ONNX model: it /u,
    );
  }
});

test('any bytes give a model or an error for the user', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(errorOf(bytes)).toMatchObject({ code: 'model-invalid' });
    }),
    { seed: 4, numRuns: 500 },
  );
});

test('a model with any byte changed gives a model or an error for the user', () => {
  const original = goldenBytes('bias');
  fc.assert(
    fc.property(fc.nat(original.length - 1), fc.integer({ min: 0, max: 255 }), (index, value) => {
      const bytes = Uint8Array.from(original);
      bytes[index] = value;
      try {
        decodeModel(bytes, 'model.onnx');
      } catch (error) {
        expect(error).toBeInstanceOf(AssayError);
      }
    }),
    { seed: 5, numRuns: 1000 },
  );
});

test('messages nested without end are refused', () => {
  let bytes: Uint8Array = new Uint8Array();
  // A graph in an attribute of a node of a graph, and so on: from inside, fields 6, 5 and 1 of their messages.
  for (let depth = 0; depth < 400; depth++) {
    const field = [1, 6, 5][depth % 3] ?? 1;
    bytes = protobuf.Writer.create()
      .uint32(field * 8 + 2)
      .bytes(bytes)
      .finish();
  }
  const graph = protobuf.Writer.create()
    .uint32(7 * 8 + 2)
    .bytes(bytes)
    .finish();
  expect(errorOf(graph).message).toContain('max depth exceeded');
});

test.for([
  ['empty', ''],
  ['a ZIP archive (a PyTorch checkpoint or a Keras file, perhaps)', 'PK\u0003\u0004rest'],
  ['a Python pickle (a PyTorch checkpoint or a scikit-learn model, perhaps)', '\u0080\u0002}q\u0000.'],
  ['a TensorFlow Lite model', '\u001c\0\0\0TFL3'],
  ['an HTML page', '<!DOCTYPE html>'],
  ['JSON text', '{"format": "graph-model"}'],
  ['a Git LFS pointer, not the file it points to', 'version https://git-lfs.github.com/spec/v1'],
] as const)('a file that is %s is named as such', ([found, text]) => {
  const error = errorOf(Buffer.from(text, 'latin1'));
  expect(error.message).toBe(`model.onnx is not a whole ONNX model: it is ${found}.`);
});

test.for(['weights.bin', '../../../etc/passwd', '/etc/passwd'])(
  'weights kept in %s are refused, naming the tensor',
  (location) => {
    const tensor = createTensor('w', { type: 'float32', shape: [1], data: new Float32Array(1) });
    const outside = changed(tensor, {
      dataLocation: 1,
      externalData: [{ key: 'location', value: location }],
    });
    const error = errorOf(encodeModel(withTensor(outside)));
    expect(error.message).toContain(
      `Tensor "w" of model.onnx keeps its values in another file ("${location}")`,
    );
  },
);

test('a tensor inside an attribute that keeps its values elsewhere is refused too', () => {
  const graph = buildGraph('constant');
  graph.output('y', { type: 'float32', shape: [1] });
  graph.node('Constant', [], {
    outputs: ['y'],
    attributes: { value: { tensor: { type: 'float32', shape: [1], data: new Float32Array(1) } } },
  });
  const model = graph.model();
  const inner = model.graph.node[0]?.attribute[0]?.t;
  if (inner === null || inner === undefined) throw new Error('no tensor in the attribute');
  Object.assign(inner, { name: 'inner', dataLocation: 1 });
  expect(errorOf(encodeModel(model)).message).toContain(
    'Tensor "inner" of model.onnx keeps its values in another file',
  );
});

test('a missing file, a folder and a file above 2 GiB are refused before reading', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-read-'));
  const large = path.join(folder, 'large.onnx');
  const handle = await open(large, 'w');
  await handle.truncate(2 ** 31);
  await handle.close();
  await expect(readModelBytes(path.join(folder, 'none.onnx'))).rejects.toMatchObject({ code: 'not-found' });
  await expect(readModelBytes(folder)).rejects.toThrow('is not a file; expected an ONNX model');
  await expect(readModelBytes(large)).rejects.toThrow(
    `${large} has 2147483648 bytes; an ONNX file has at most 2147483647 (below 2 GiB, the limit of protobuf).`,
  );
  await rm(folder, { recursive: true });
});

function errorOf(bytes: Uint8Array): AssayError {
  try {
    decodeModel(bytes, 'model.onnx');
  } catch (error) {
    if (error instanceof AssayError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

function longOf(value: bigint): Int64 {
  return protobuf.Reader.create(protobuf.Writer.create().int64(String(value)).finish()).int64() as Int64;
}

function withTensor(tensor: OnnxTensor): OnnxModel {
  const model = goldenModel('bias');
  return changed(model, { graph: changed(model.graph, { initializer: [tensor] }) });
}
