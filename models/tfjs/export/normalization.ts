import * as z from 'zod';
import { elementwise, scalar } from './activation.ts';
import type { Emitter } from './emitter.ts';
import { onlyInput, settingsOf, unsupported, type LayerCall, type LayerExport } from './layer-export.ts';
import { plainValue, positiveAxis, type FloatTensor, type Value } from './value.ts';

const batchSettings = z.object({ axis: z.int(), epsilon: z.number() });

/** With the statistics it was trained to: BatchNormalization where the axis is ONNX's, else a product and a sum. */
export const exportBatchNormalization: LayerExport = (call) => {
  const { layer, emit } = call;
  const { axis, epsilon } = settingsOf(layer, batchSettings);
  const input = onlyInput(call);
  const rank = input.shape.length;
  const place = positiveAxis(axis, input.shape);
  const isLast = place === rank - 1;
  if (place === 1) return normalized(call, { name: emit.plain(input), input, epsilon });
  if (isLast && input.channelsFirst !== null)
    return normalized(call, { name: input.channelsFirst, input, epsilon });
  const statistics = statisticsOf(call);
  const shape = [statistics.mean.data.length, ...Array.from({ length: rank - 1 - place }, () => 1)];
  return scaledAndShifted(input, emit, { statistics, shape, epsilon });
};

interface Normalized {
  name: string;
  input: Value;
  epsilon: number;
}

function normalized(call: LayerCall, { name, input, epsilon }: Normalized): Value {
  const { emit } = call;
  const { mean, variance, gamma, beta } = statisticsOf(call);
  const inputs = [
    name,
    emit.store('gamma', gamma),
    emit.store('beta', beta),
    emit.store('moving_mean', mean),
    emit.store('moving_variance', variance),
  ];
  const output = emit.node('BatchNormalization', inputs, { epsilon: { float: epsilon } });
  const isPlain = name === input.plain;
  return { ...input, plain: isPlain ? output : null, channelsFirst: isPlain ? null : output };
}

interface Statistics {
  mean: FloatTensor;
  variance: FloatTensor;
  gamma: FloatTensor;
  beta: FloatTensor;
}

function statisticsOf({ layer, emit }: LayerCall): Statistics {
  const [mean, variance] = [emit.weight('moving_mean'), emit.weight('moving_variance')];
  if (mean === null || variance === null) throw unsupported(layer, 'has no moving mean and variance');
  const gamma = emit.weight('gamma') ?? filled(mean.shape, 1);
  return { mean, variance, gamma, beta: emit.weight('beta') ?? filled(mean.shape, 0) };
}

function filled(shape: readonly number[], value: number): FloatTensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return { type: 'float32', shape, data: new Float32Array(size).fill(value) };
}

function scaledAndShifted(
  input: Value,
  emit: Emitter,
  { statistics, shape, epsilon }: { statistics: Statistics; shape: readonly number[]; epsilon: number },
): Value {
  const { mean, variance, gamma, beta } = statistics;
  const factors = gamma.data.map(
    (value, index) => value / Math.sqrt((variance.data[index] ?? NaN) + epsilon),
  );
  const offsets = beta.data.map(
    (value, index) => value - (mean.data[index] ?? NaN) * (factors[index] ?? NaN),
  );
  const product = emit.node('Mul', [
    emit.plain(input),
    emit.store('scale', { type: 'float32', shape, data: factors }),
  ]);
  const shift = emit.store('shift', { type: 'float32', shape, data: offsets });
  return { ...input, plain: emit.node('Add', [product, shift]), channelsFirst: null };
}

const layerSettings = z.object({ axis: z.union([z.int(), z.array(z.int())]), epsilon: z.number() });

/** Over the last axes, as ONNX does it. */
export const exportLayerNormalization: LayerExport = (call) => {
  const { layer, emit } = call;
  const { axis, epsilon } = settingsOf(layer, layerSettings);
  const input = onlyInput(call);
  const rank = input.shape.length;
  const axes = (typeof axis === 'number' ? [axis] : axis).map((one) => positiveAxis(one, input.shape));
  const first = rank - axes.length;
  if (axes.some((one, index) => one !== first + index))
    throw unsupported(
      layer,
      `normalises axes ${axes.join(', ')} of ${rank}; the last ones in order are exported`,
    );
  const shape = axes.map((one) => input.shape[one] ?? 1);
  const scale = emit.store('gamma', emit.weight('gamma') ?? filled(shape, 1));
  const beta = emit.weight('beta');
  const inputs = [emit.plain(input), scale, ...(beta === null ? [] : [emit.store('beta', beta)])];
  const output = emit.node('LayerNormalization', inputs, {
    axis: { int: first },
    epsilon: { float: epsilon },
  });
  return plainValue(output, input.shape);
};

/** A product and a sum with constants. */
export const exportRescaling: LayerExport = (call) => {
  const { layer, emit } = call;
  const { scale, offset } = settingsOf(layer, z.object({ scale: z.number(), offset: z.number() }));
  const factors = [scalar(emit, 'scale', scale)];
  const product = elementwise(onlyInput(call), emit, { opType: 'Mul', inputs: factors });
  if (offset === 0) return product;
  return elementwise(product, emit, { opType: 'Add', inputs: [scalar(emit, 'offset', offset)] });
};
