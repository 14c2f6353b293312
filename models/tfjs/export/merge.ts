import * as z from 'zod';
import { scalar } from './activation.ts';
import type { Emitter } from './emitter.ts';
import { settingsOf, unsupported, type LayerCall, type LayerExport } from './layer-export.ts';
import { plainValue, positiveAxis, type Value } from './value.ts';

/** Joins values number by number. Where all have their channels first, so has the result. */
export function exportElementwiseMerge(opType: 'Add' | 'Mul' | 'Max' | 'Min'): LayerExport {
  return (call) => merged(call, (names, emit) => joined(names, emit, opType));
}

function joined(names: readonly string[], emit: Emitter, opType: string): string {
  return names.reduce((left, right) => emit.node(opType, [left, right]));
}

export const exportAverage: LayerExport = (call) =>
  merged(call, (names, emit) =>
    emit.node('Mul', [joined(names, emit, 'Add'), scalar(emit, 'share', 1 / names.length)]),
  );

function merged(call: LayerCall, join: (names: readonly string[], emit: Emitter) => string): Value {
  const { inputs, emit, outputShape } = call;
  const rank = Math.max(...inputs.map(({ shape }) => shape.length));
  const images = inputs.map(({ shape, channelsFirst }) => (shape.length === rank ? channelsFirst : null));
  if (images.every((name) => name !== null))
    return { shape: outputShape, type: 'float32', plain: null, channelsFirst: join(images, emit) };
  const names = inputs.map((input) => widened(emit.plain(input), rank - input.shape.length, emit));
  return plainValue(join(names, emit), outputShape);
}

/** With axes of size 1 behind the batch, as TF.js gives them to values of lower rank. */
function widened(name: string, missing: number, emit: Emitter): string {
  if (missing === 0) return name;
  const axes = Array.from({ length: missing }, (_, index) => index + 1);
  return emit.node('Unsqueeze', [name, emit.integers(`axes_${missing}`, axes)]);
}

export const exportConcatenate: LayerExport = (call) => {
  const { layer, inputs, emit, outputShape } = call;
  const { axis } = settingsOf(layer, z.object({ axis: z.int() }));
  const place = positiveAxis(axis, outputShape);
  const images = inputs.map(({ channelsFirst }) => channelsFirst);
  if (!images.every((name) => name !== null)) {
    const names = inputs.map((input) => emit.plain(input));
    return plainValue(emit.node('Concat', names, { axis: { int: place } }), outputShape);
  }
  const turned = place === outputShape.length - 1 ? 1 : place === 0 ? 0 : place + 1;
  const output = emit.node('Concat', images, { axis: { int: turned } });
  return { shape: outputShape, type: 'float32', plain: null, channelsFirst: output };
};

const dotSettings = z.object({
  axes: z.union([z.int(), z.tuple([z.int(), z.int()])]),
  normalize: z.boolean(),
});

/** Sums of products along an axis of each of two values of rank 2 or 3, sample by sample. */
export const exportDot: LayerExport = (call) => {
  const { layer, inputs, emit, outputShape } = call;
  const { axes, normalize } = settingsOf(layer, dotSettings);
  const [left, right] = inputs;
  if (left === undefined || right === undefined) throw unsupported(layer, 'does not have two inputs');
  const sides = [left, right].map((value, index) => {
    const axis = positiveAxis(typeof axes === 'number' ? axes : (axes[index] ?? -1), value.shape);
    if (axis === 0) throw unsupported(layer, 'adds up over the batch');
    const name = emit.plain(value);
    return { name: normalize ? unitLength(name, axis, emit) : name, axis, rank: value.shape.length };
  });
  return plainValue(product(sides as [Side, Side], emit), outputShape);
};

/** One side of a product: a value, the axis that is added up over, and how many axes it has. */
interface Side {
  name: string;
  axis: number;
  rank: number;
}

function product([left, right]: [Side, Side], emit: Emitter): string {
  if (left.rank === 2 && right.rank === 2) {
    const inputs = [emit.node('Mul', [left.name, right.name]), emit.integers('axis', [1])];
    return emit.node('ReduceSum', inputs, { keepdims: { int: 1 } });
  }
  // [batch, rows, n] by [batch, n, columns], of which a side of rank 2 has one row or column.
  const row = left.rank === 2 ? withAxis(left.name, 1, emit) : withLast(left, 2, emit);
  const column = right.rank === 2 ? withAxis(right.name, 2, emit) : withLast(right, 1, emit);
  const whole = emit.node('MatMul', [row, column]);
  if (left.rank === 3 && right.rank === 3) return whole;
  return emit.node('Squeeze', [whole, emit.integers('single', [left.rank === 2 ? 1 : 2])]);
}

function withAxis(name: string, axis: number, emit: Emitter): string {
  return emit.node('Unsqueeze', [name, emit.integers(`axis_${axis}`, [axis])]);
}

/** With the axis that is added up over at a place. */
function withLast({ name, axis }: Side, place: number, emit: Emitter): string {
  return axis === place ? name : emit.node('Transpose', [name], { perm: { ints: [0, 2, 1] } });
}

/** Divided by the length along an axis; TF.js takes no square sum below 1e-7. */
function unitLength(name: string, axis: number, emit: Emitter): string {
  const squares = emit.node('ReduceSumSquare', [name, emit.integers(`axis_${axis}`, [axis])], {
    keepdims: { int: 1 },
  });
  const least = emit.node('Max', [squares, scalar(emit, 'least', 1e-7)]);
  return emit.node('Div', [name, emit.node('Sqrt', [least])]);
}
