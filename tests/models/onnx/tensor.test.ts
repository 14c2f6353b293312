import { expect, test } from 'vitest';
import type { Tensor } from '../../../core/tensor.ts';
import { changed, type OnnxTensor } from '../../../models/onnx/model.ts';
import { createTensor, readTensor } from '../../../models/onnx/tensor.ts';

const tensors: readonly Tensor[] = [
  { type: 'float32', shape: [2], data: Float32Array.of(1.5, -0) },
  { type: 'float64', shape: [1, 1], data: Float64Array.of(Math.PI) },
  { type: 'int8', shape: [2], data: Int8Array.of(-128, 127) },
  { type: 'uint8', shape: [2], data: Uint8Array.of(0, 255) },
  { type: 'int32', shape: [1], data: Int32Array.of(-(2 ** 31)) },
  { type: 'int64', shape: [1], data: BigInt64Array.of(-(2n ** 63n)) },
  { type: 'bool', shape: [2], data: Uint8Array.of(0, 1) },
  { type: 'string', shape: [2], data: ['', 'Zürich'] },
  { type: 'float16', shape: [2], data: Float16Array.of(0.5, -65504) },
  { type: 'int16', shape: [1], data: Int16Array.of(-32768) },
  { type: 'uint16', shape: [1], data: Uint16Array.of(65535) },
  { type: 'uint32', shape: [1], data: Uint32Array.of(2 ** 32 - 1) },
  { type: 'uint64', shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) },
  { type: 'float32', shape: [], data: Float32Array.of(7) },
  { type: 'float32', shape: [0, 3], data: new Float32Array() },
];

test.for(tensors.map((tensor) => [`${tensor.type} [${tensor.shape.join(', ')}]`, tensor] as const))(
  'a stored tensor of %s reads as it was',
  ([, tensor]) => {
    expect(readTensor(createTensor('t', tensor))).toEqual(tensor);
  },
);

const fields: readonly [string, Partial<OnnxTensor>, Tensor][] = [
  ['floatData', { floatData: [1.5, 2] }, { type: 'float32', shape: [2], data: Float32Array.of(1.5, 2) }],
  ['doubleData', { doubleData: [0.1, 2] }, { type: 'float64', shape: [2], data: Float64Array.of(0.1, 2) }],
  ['int32Data', { int32Data: [-3, 4] }, { type: 'int8', shape: [2], data: Int8Array.of(-3, 4) }],
  [
    'int32Data',
    { int32Data: [0x3800, 0xc000] },
    { type: 'float16', shape: [2], data: Float16Array.of(0.5, -2) },
  ],
  ['uint64Data', { uint64Data: [3, 4] }, { type: 'uint64', shape: [2], data: BigUint64Array.of(3n, 4n) }],
  ['int64Data', { int64Data: [-3, 4] }, { type: 'int64', shape: [2], data: BigInt64Array.of(-3n, 4n) }],
];

test.for(fields)('values in the field %s read like raw ones', ([, field, tensor]) => {
  const stored = changed(createTensor('t', tensor), { rawData: new Uint8Array(), ...field });
  expect(readTensor(stored)).toEqual(tensor);
});

test('raw values at any byte offset read', () => {
  const values = new Uint8Array(Float32Array.of(1, 2).buffer);
  const shifted = new Uint8Array(9);
  shifted.set(values, 1);
  const stored = createTensor('t', { type: 'float32', shape: [2], data: new Float32Array(2) });
  expect(readTensor(changed(stored, { rawData: shifted.subarray(1) })).data).toEqual(Float32Array.of(1, 2));
});

test.for([
  [{ dims: [3] }, 'Tensor "t" has shape [3], so 3 values, but holds 2.'],
  [
    { rawData: new Uint8Array(7) },
    'holds 7 bytes, which is not a whole number of float32 values of 4 bytes.',
  ],
  [{ dataType: 16 }, 'has element type bfloat16; its values can be read only for float32'],
  [{ dataType: 99 }, 'has element type type 99;'],
] as const)('a stored tensor changed by %o is refused', ([changes, message]) => {
  const stored = createTensor('t', { type: 'float32', shape: [2], data: new Float32Array(2) });
  expect(() =>
    readTensor(changed(stored, { ...changes, dims: [...((changes as { dims?: number[] }).dims ?? [2])] })),
  ).toThrow(message);
});
