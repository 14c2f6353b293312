import type { Tensor, TensorType } from './tensor.ts';

type NumberType = Exclude<TensorType, 'bool' | 'string'>;
type NumberTensor = Extract<Tensor, { type: NumberType }>;

/** Functions, since a Node without Float16Array has no such constructor to name. */
const arrayOf: Readonly<Record<NumberType, (length: number) => NumberTensor['data']>> = {
  float16: (length) => new Float16Array(length),
  float32: (length) => new Float32Array(length),
  float64: (length) => new Float64Array(length),
  int8: (length) => new Int8Array(length),
  int16: (length) => new Int16Array(length),
  int32: (length) => new Int32Array(length),
  int64: (length) => new BigInt64Array(length),
  uint8: (length) => new Uint8Array(length),
  uint16: (length) => new Uint16Array(length),
  uint32: (length) => new Uint32Array(length),
  uint64: (length) => new BigUint64Array(length),
};

/** Whether values of one element type can become those of another. */
export function isConvertible(from: TensorType, to: TensorType): boolean {
  return from === to || (isNumber(from) && (isNumber(to) || to === 'bool'));
}

/** Beyond it not every whole number is one of float32. */
const exactInFloat32 = 2 ** 24;

/**
 * The tensor in another element type: floats are rounded to it, integers must fit, and 0 and 1 become truth values. Throws with the
 * first value that an integer type cannot hold or that float32 may not have held, or that is no truth value, and where one of the types has no
 * numbers.
 */
export function convertTensor(tensor: Tensor, type: TensorType): Tensor {
  if (tensor.type === type) return tensor;
  if (type === 'bool' && hasNumbers(tensor)) return truthValues(tensor);
  if (!isNumber(type) || !hasNumbers(tensor)) throw new Error(`${tensor.type} cannot become ${type}`);
  const data = arrayOf[type](tensor.data.length);
  const isInteger = !type.startsWith('float');
  for (let index = 0; index < data.length; index++) {
    const value = tensor.data[index] ?? 0;
    data[index] = isBig(data) ? bigIntOf(value) : Number(value);
    // Two of the types compare by value whatever their kinds.
    if (isInteger && data[index] != value) throw new Error(`the value ${value} is not a number of ${type}`);
    if (isInteger && tensor.type === 'float32' && Math.abs(Number(value)) > exactInFloat32)
      throw new Error(
        `the value ${value} of ${type} was read as float32, which is exact up to 2^24; give the input of the dataset "type": "float64"`,
      );
  }
  return { type, shape: tensor.shape, data } as Tensor;
}

/** As masks are written: 1 for true, 0 for false. */
function truthValues({ shape, data }: NumberTensor): Tensor {
  const flags = new Uint8Array(data.length);
  for (let index = 0; index < flags.length; index++) {
    const value = Number(data[index]);
    if (value !== 0 && value !== 1) throw new Error(`the value ${value} is not 0 or 1, as bool takes`);
    flags[index] = value;
  }
  return { type: 'bool', shape, data: flags };
}

function isNumber(type: TensorType): type is NumberType {
  return type in arrayOf;
}

function hasNumbers(tensor: Tensor): tensor is NumberTensor {
  return isNumber(tensor.type);
}

function isBig(data: NumberTensor['data']): data is BigInt64Array | BigUint64Array {
  return data instanceof BigInt64Array || data instanceof BigUint64Array;
}

/** Fractions are cut off, as typed arrays of narrower integers do. */
function bigIntOf(value: number | bigint): bigint {
  return typeof value === 'bigint' ? value : Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}
