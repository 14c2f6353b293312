import type { Tensor } from '../../core/tensor.ts';
import { isOutside, storedBytes } from '../onnx/external-data.ts';
import type { OnnxGraph, OnnxTensor } from '../onnx/model.ts';
import { createDeferredTensor, createRawTensor } from '../onnx/tensor.ts';

type Numbers = Exclude<Tensor, { type: 'string' }>;

type Values = Numbers['data'] | Uint16Array;

/** What a tensor is to be, and what its values are made of. */
interface Making {
  name: string;
  dataType: number;
  shape: readonly number[];
  /** The tensor that `values` reads. */
  from: OnnxTensor;
  /** What `values` gives, where that is known already; no closure may hold on to it. */
  made?: Values;
  values: () => Values;
}

/**
 * A tensor made now where what it is made of is in memory already. Where that is in another file, it is made when it is asked for and
 * not kept, so that a model larger than memory can be rewritten: `values` may then be called more than once.
 */
export function madeTensor({ name, dataType, shape, from, made, values }: Making): OnnxTensor {
  if (isOutside(from)) return createDeferredTensor(name, { dataType, shape, bytes: () => bytesOf(values()) });
  return createRawTensor(name, { dataType, shape, rawData: bytesOf(made ?? values()) });
}

function bytesOf({ buffer, byteOffset, byteLength }: Values): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Room for the largest stored tensor of a graph that cannot be read where it is, to read one after the other into. */
export function scratchFor({ initializer }: OnnxGraph): Uint8Array {
  const read = initializer.filter((tensor) => isOutside(tensor) || tensor.rawData.byteOffset % 4 !== 0);
  return new Uint8Array(read.reduce((size, tensor) => Math.max(size, storedBytes(tensor)), 0));
}
