/** Typed arrays by element type, named as ONNX Runtime names them. Node has that of float16 from version 24. */
interface TensorData {
  float16: Float16Array;
  float32: Float32Array;
  float64: Float64Array;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  uint64: BigUint64Array;
  bool: Uint8Array;
  string: readonly string[];
}

export type TensorType = keyof TensorData;

/** Whether this Node has the array of an element type. */
export function isHoldable(type: TensorType): boolean {
  return type !== 'float16' || 'Float16Array' in globalThis;
}

/** A dense row-major tensor; the product of `shape` is `data.length`. */
export type Tensor = {
  [T in TensorType]: { type: T; shape: readonly number[]; data: TensorData[T] };
}[TensorType];

/** Tensors by input or output name. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** Name, element type and shape of an input or output; null is a dimension known only at run time. */
export interface TensorSpec {
  name: string;
  type: TensorType;
  shape: readonly (number | null)[];
}

/** The same names with other tensors. */
export function eachTensor(tensors: Tensors, change: (tensor: Tensor, name: string) => Tensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor, name)]));
}

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Rows [start, end) of a tensor whose first axis is the sample; a view, not a copy. */
export function sliceRows(tensor: Tensor, start: number, end: number): Tensor {
  const [, ...inner] = tensor.shape;
  const size = elementCount(inner);
  const shape = [end - start, ...inner];
  const [from, to] = [start * size, end * size];
  if (tensor.type === 'string') return { ...tensor, shape, data: tensor.data.slice(from, to) };
  return { ...tensor, shape, data: tensor.data.subarray(from, to) } as Tensor;
}
