import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Tensor } from '../../../core/tensor.ts';

/** A weight of a layer, or what is made of one. */
export type FloatTensor = Extract<Tensor, { type: 'float32' }>;

/** A layer of TF.js, loaded. */
export type Layer = SymbolicTensor['sourceLayer'];

/** Sizes of the axes as TF.js has them, the batch first; null is open. */
export type Shape = readonly (number | null)[];

/**
 * A tensor of the network. ONNX convolves and pools with channels before places, TF.js mostly after: a value may be there in either
 * order, and in the other only once something asks for it.
 */
export interface Value {
  readonly shape: Shape;
  readonly type: 'float32' | 'int32' | 'bool';
  /** Its name in TF.js's order of axes. */
  plain: string | null;
  /** Its name with the last axis, the channels, moved behind the batch. */
  channelsFirst: string | null;
}

/** A float32 value in TF.js's order of axes. */
export function plainValue(plain: string, shape: Shape): Value {
  return { shape, type: 'float32', plain, channelsFirst: null };
}

/** An axis counted from the front. */
export function positiveAxis(axis: number, { length }: Shape): number {
  return axis < 0 ? axis + length : axis;
}
