import { elementCount } from '../../core/tensor.ts';
import { quantizeToInt8, type ChannelLayout } from '../onnx/kernels.ts';
import { shapeOf } from '../onnx/tensor.ts';
import type { OnnxTensor } from '../onnx/model.ts';
import { roundHalfEven } from './affine.ts';
import { assertFiniteScales, int8Scales, type Int8Limit } from './int8.ts';
import type { StaticProduct } from './static-nodes.ts';
import { floatsOf, floatsWithin } from './weights.ts';

/** How weights become int8. */
export interface WeightSettings {
  granularity: 'per-channel' | 'per-tensor';
  limit: Int8Limit;
}

/** Weights as int8 with a zero point of 0. */
export interface StaticWeight {
  /** Null where one scale is for the whole tensor. */
  axis: number | null;
  scales: Float32Array;
  values: () => Int8Array;
}

/** An int32 with less than this of its range to spare could clip; as in onnxruntime 1.30. */
const biasMargin = 1.0001;
const int32Range = 2 ** 32 - 2;

/**
 * Scales of the weights of all products; `scratch` has room for the largest. Products that read one tensor along one axis share them; one
 * that is read plain and transposed has its scales for each. Throws `model-invalid` for one with NaN or infinite values.
 */
export function staticWeights(
  products: readonly StaticProduct[],
  { granularity, ...settings }: WeightSettings & { scratch: Uint8Array },
): ReadonlyMap<StaticProduct, StaticWeight> {
  const known = new Map<string, StaticWeight>();
  const weights = new Map<StaticProduct, StaticWeight>();
  for (const product of products) {
    const axis = granularity === 'per-channel' ? product.axis : null;
    const key = `${axis} ${product.weight.name}`;
    const weight = known.get(key) ?? scaledWeight({ ...product, axis }, settings);
    known.set(key, weight);
    weights.set(product, weight);
  }
  return weights;
}

function scaledWeight(
  { weight, axis }: Pick<StaticProduct, 'axis' | 'weight'>,
  { limit, scratch }: Pick<WeightSettings, 'limit'> & { scratch: Uint8Array },
): StaticWeight {
  const layout = layoutOf(weight, axis);
  const scales = int8Scales(floatsWithin(weight, scratch), layout, limit);
  assertFiniteScales(scales, weight);
  return { axis, scales, values: () => quantizeToInt8(floatsWithin(weight, scratch), scales, layout) };
}

/**
 * Where the scale of an int32 bias, that of the input times that of the weight, would be too small to hold the bias, the weight's scale is
 * raised, as onnxruntime 1.30 does.
 */
export function raiseForBiases(
  weights: ReadonlyMap<StaticProduct, StaticWeight>,
  inputScaleOf: (product: StaticProduct) => number,
): void {
  for (const [product, { scales }] of weights)
    if (product.bias !== null) raiseScales(scales, floatsOf(product.bias), inputScaleOf(product));
}

function layoutOf(weight: OnnxTensor, axis: number | null): ChannelLayout {
  const shape = shapeOf(weight);
  if (axis === null) return { channels: 1, inner: elementCount(shape) };
  return { channels: shape[axis] ?? 1, inner: elementCount(shape.slice(axis + 1)) };
}

function raiseScales(scales: Float32Array, bias: Float32Array, inputScale: number): void {
  for (let channel = 0; channel < scales.length; channel++) {
    const smallest = (scales.length === 1 ? largestDoubled(bias) : doubled(bias[channel]!)) / int32Range;
    const scale = inputScale * scales[channel]!;
    if (scale > 0 && scale < smallest) scales[channel] = scales[channel]! * (smallest / scale);
  }
}

/** Twice the magnitude and the margin: in float64 for one scale, in float32 for one a channel, as onnxruntime 1.30 has it. */
function largestDoubled(bias: Float32Array): number {
  return biasMargin * 2 * bias.reduce((found, value) => Math.max(found, Math.abs(value)), 0);
}

function doubled(value: number): number {
  return Math.fround(Math.fround(biasMargin) * Math.fround(2 * Math.abs(value)));
}

/** A bias as int32: values, and scales of which there are as many as of the weight. */
export function int32Bias(
  bias: OnnxTensor,
  inputScale: number,
  weightScales: Float32Array,
): { values: Int32Array; scales: Float32Array } {
  const scales = weightScales.map((scale) => scale * inputScale);
  const values = Int32Array.from(floatsOf(bias), (value, channel) => {
    const integer = roundHalfEven(value / scales[scales.length === 1 ? 0 : channel]!);
    return Math.min(2 ** 31 - 1, Math.max(-(2 ** 31), integer));
  });
  return { values, scales };
}
