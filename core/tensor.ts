/** Typed arrays by element type, named as ONNX Runtime names them. */
interface TensorData {
  float32: Float32Array;
  float64: Float64Array;
  int8: Int8Array;
  uint8: Uint8Array;
  int32: Int32Array;
  int64: BigInt64Array;
  bool: Uint8Array;
  string: readonly string[];
}

export type TensorType = keyof TensorData;

/** A dense row-major tensor; the product of `shape` is `data.length`. */
export type Tensor = {
  [T in TensorType]: { type: T; shape: readonly number[]; data: TensorData[T] };
}[TensorType];

/** Tensors by input or output name. */
export type Tensors = Readonly<Record<string, Tensor>>;

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
