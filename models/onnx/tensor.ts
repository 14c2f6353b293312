import { AssayError } from '../../core/errors.ts';
import { shownShape } from '../../core/shown-shape.ts';
import { elementCount, isHoldable, type Tensor } from '../../core/tensor.ts';
import { elementTypeName, elementTypeNumbers } from './element-type.ts';
import { readStretch, stretchOf } from './external-data.ts';
import { numberOf, type Int64, type OnnxTensor } from './model.ts';
import { onnx } from './proto/onnx.js';

/** A stored tensor of the given name; the values are shared with `tensor`, not copied (text aside). */
export function createTensor(name: string, tensor: Tensor): OnnxTensor {
  const dims = [...tensor.shape];
  const dataType = elementTypeNumbers[tensor.type];
  const values =
    tensor.type === 'string'
      ? { stringData: tensor.data.map((text) => new TextEncoder().encode(text)) }
      : { rawData: new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength) };
  return onnx.TensorProto.create({ name, dims, dataType, ...values }) as OnnxTensor;
}

/** A stored tensor of an element type core/tensor.ts does not have, from its bytes (little endian, shared). */
export function createRawTensor(
  name: string,
  { dataType, shape, rawData }: { dataType: number; shape: readonly number[]; rawData: Uint8Array },
): OnnxTensor {
  return onnx.TensorProto.create({ name, dims: [...shape], dataType, rawData }) as OnnxTensor;
}

/**
 * A stored tensor whose bytes are made each time they are asked for and kept nowhere: memory holds one such tensor at a time, however
 * many a model has. `bytes` must give the same each time.
 */
export function createDeferredTensor(
  name: string,
  { dataType, shape, bytes }: { dataType: number; shape: readonly number[]; bytes: () => Uint8Array },
): OnnxTensor {
  const tensor = onnx.TensorProto.create({ name, dims: [...shape], dataType }) as OnnxTensor;
  return Object.defineProperty(tensor, 'rawData', { get: bytes, enumerable: true, configurable: true });
}

/** Sizes of a stored tensor's axes. */
export function shapeOf(stored: OnnxTensor): number[] {
  return stored.dims.map(numberOf);
}

/**
 * The values of a stored tensor, whether raw or in a typed field; raw ones are a view where alignment allows.
 * Throws `model-invalid` where the values do not fill the shape or the element type is not one of core/tensor.ts.
 */
export function readTensor(stored: OnnxTensor): Tensor {
  const shape = shapeOf(stored);
  const tensor = { ...typedValues(stored), shape } as Tensor;
  const expected = elementCount(shape);
  if (tensor.data.length === expected) return tensor;
  throw new AssayError(
    'model-invalid',
    `Tensor "${stored.name}" has shape ${shownShape(shape)}, so ${expected} values, but holds ${tensor.data.length}.`,
  );
}

/** The bits of a stored tensor of 16-bit floats. Throws as `readTensor` does where they are no whole number of them. */
export function bitsOf(stored: OnnxTensor): Uint16Array {
  return rawOr(stored, Uint16Array, stored.int32Data);
}

type Typed = { [T in Tensor['type']]: Pick<Extract<Tensor, { type: T }>, 'type' | 'data'> }[Tensor['type']];

const readers: Readonly<Record<number, (stored: OnnxTensor) => Typed>> = {
  1: (stored) => ({ type: 'float32', data: rawOr(stored, Float32Array, stored.floatData) }),
  2: (stored) => ({ type: 'uint8', data: rawOr(stored, Uint8Array, stored.int32Data) }),
  3: (stored) => ({ type: 'int8', data: rawOr(stored, Int8Array, stored.int32Data) }),
  4: (stored) => ({ type: 'uint16', data: rawOr(stored, Uint16Array, stored.int32Data) }),
  5: (stored) => ({ type: 'int16', data: rawOr(stored, Int16Array, stored.int32Data) }),
  6: (stored) => ({ type: 'int32', data: rawOr(stored, Int32Array, stored.int32Data) }),
  7: (stored) => ({ type: 'int64', data: rawOr(stored, BigInt64Array, stored.int64Data.map(bigIntOf)) }),
  8: (stored) => ({
    type: 'string',
    data: stored.stringData.map((bytes) => new TextDecoder().decode(bytes)),
  }),
  9: (stored) => ({ type: 'bool', data: rawOr(stored, Uint8Array, stored.int32Data) }),
  // The field holds bits.
  10: (stored) => ({
    type: 'float16',
    data: asFloat16(bitsOf(stored)),
  }),
  11: (stored) => ({ type: 'float64', data: rawOr(stored, Float64Array, stored.doubleData) }),
  12: (stored) => ({ type: 'uint32', data: rawOr(stored, Uint32Array, stored.uint64Data.map(numberOf)) }),
  13: (stored) => ({ type: 'uint64', data: rawOr(stored, BigUint64Array, stored.uint64Data.map(bigIntOf)) }),
};

function asFloat16({ buffer, byteOffset, length }: Uint16Array): Float16Array {
  return new Float16Array(buffer, byteOffset, length);
}

function typedValues(stored: OnnxTensor): Typed {
  const read = readers[stored.dataType];
  if (read !== undefined && isReadable(stored)) return read(stored);
  throw new AssayError(
    'model-invalid',
    `Tensor "${stored.name}" has element type ${elementTypeName(stored.dataType)}; its values can be read only for ${Object.keys(elementTypeNumbers).join(', ')}.`,
  );
}

function isReadable({ dataType }: OnnxTensor): boolean {
  return dataType !== elementTypeNumbers.float16 || isHoldable('float16');
}

interface ArrayKind<Data, Item> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): Data;
  from(items: readonly Item[]): Data;
}

function rawOr<Data, Item>(stored: OnnxTensor, kind: ArrayKind<Data, Item>, items: readonly Item[]): Data {
  const raw = rawBytes(stored);
  if (raw.length === 0) return kind.from(items);
  if (raw.length % kind.BYTES_PER_ELEMENT !== 0) throw notWhole(stored, raw.length, kind.BYTES_PER_ELEMENT);
  const aligned = raw.byteOffset % kind.BYTES_PER_ELEMENT === 0 ? raw : new Uint8Array(raw);
  return new kind(aligned.buffer, aligned.byteOffset, raw.length / kind.BYTES_PER_ELEMENT);
}

/** Read at each call where the values are in another file: a model may be larger than memory. */
function rawBytes(stored: OnnxTensor): Uint8Array {
  const stretch = stretchOf(stored);
  return stretch === null ? stored.rawData : readStretch(stretch);
}

function notWhole(stored: OnnxTensor, bytes: number, bytesPerElement: number): AssayError {
  const type = elementTypeName(stored.dataType);
  return new AssayError(
    'model-invalid',
    `Tensor "${stored.name}" holds ${bytes} bytes, which is not a whole number of ${type} values of ${bytesPerElement} bytes.`,
  );
}

function bigIntOf(value: Int64): bigint {
  return BigInt(value.toString());
}
