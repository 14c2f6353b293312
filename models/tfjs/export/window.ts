import * as z from 'zod';
import type { NodeParts } from '../../onnx/node.ts';
import type { Emitter } from './emitter.ts';
import type { Shape, Value } from './value.ts';

const sizes = z.union([z.int().positive(), z.array(z.int().positive())]);

/** Settings of layers that slide a window over places. */
export const windowSettings = z.object({
  padding: z.enum(['valid', 'same', 'causal']).default('valid'),
  strides: sizes.default(1),
  dataFormat: z.enum(['channelsLast', 'channelsFirst']).nullish(),
});

/** A window over places: sizes axis by axis. */
export interface Window {
  size: readonly number[];
  strides: readonly number[];
  dilations: readonly number[];
  padding: 'valid' | 'same' | 'causal';
}

/** One size for all axes, or each its own. */
export function perAxis(size: number | readonly number[], rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) =>
    typeof size === 'number' ? size : (size[axis] ?? size[0] ?? 1),
  );
}

/** The sizes of the places of an image, without batch and channels. */
export function placesOf(shape: Shape, isChannelsFirst: boolean): Shape {
  return isChannelsFirst ? shape.slice(2) : shape.slice(1, -1);
}

type Attributes = NonNullable<NodeParts['attributes']>;

/**
 * Strides, dilations and padding as ONNX has them. TF.js pads "same" so that there is an output for every stride, more behind than
 * before; where the size of an image is open, ONNX Runtime works that out, too.
 */
export function windowAttributes(window: Window, places: Shape): Attributes {
  const { size, strides, dilations, padding } = window;
  const attributes = { kernel_shape: { ints: size }, strides: { ints: strides } };
  const dilated = dilations.every((dilation) => dilation === 1) ? {} : { dilations: { ints: dilations } };
  if (padding === 'valid') return { ...attributes, ...dilated };
  const total = places.map((place, axis) => samePadding(window, axis, place));
  if (total.some((count) => count === null)) return { ...attributes, auto_pad: { string: 'SAME_UPPER' } };
  const before = total.map((count) => Math.floor((count ?? 0) / 2));
  const after = total.map((count) => Math.ceil((count ?? 0) / 2));
  return { ...attributes, ...dilated, pads: { ints: [...before, ...after] } };
}

function samePadding(
  { size, strides, dilations }: Window,
  axis: number,
  place: number | null,
): number | null {
  const stride = strides[axis] ?? 1;
  const reach = ((size[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
  if (stride === 1) return reach - 1;
  return place === null ? null : Math.max(0, (Math.ceil(place / stride) - 1) * stride + reach - place);
}

/** The name of an image with channels behind the batch. */
export function imageName(value: Value, isChannelsFirst: boolean, emit: Emitter): string {
  return isChannelsFirst ? emit.plain(value) : emit.channelsFirst(value);
}

/** An image that was computed with channels behind the batch. */
export function imageValue(name: string, shape: Shape, isChannelsFirst: boolean): Value {
  return {
    shape,
    type: 'float32',
    plain: isChannelsFirst ? name : null,
    channelsFirst: isChannelsFirst ? null : name,
  };
}
