import { sortNodes } from '../../onnx/graph.ts';
import type { InferredValue } from '../../onnx/infer.ts';
import {
  numberOf,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type ValueInfo,
} from '../../onnx/model.ts';
import { shapeOf } from '../../onnx/tensor.ts';
import { listedBy, listedOf } from './listed-sizes.ts';
import { axisFromStart, intOf, intsOf, storedInts } from './walk.ts';

/** The size of an axis: a number, or a name, which axes share that are equal whatever the model is given. */
export type AxisSize = number | string;

/** What is known of sizes before a model runs. */
export interface KnownSizes {
  constants: ReadonlyMap<string, OnnxTensor>;
  values: ReadonlyMap<string, InferredValue>;
  /** Of the axes of each value. */
  axes: Map<string, readonly AxisSize[]>;
  /** That each value holds which computes with sizes. */
  listed: Map<string, readonly AxisSize[]>;
}

/** Null is a size that nothing is known of. */
type Made = readonly (AxisSize | null)[];
type Step = (known: KnownSizes, node: OnnxNode) => Made | null;

const aligned =
  'Abs Add And Cast Clip Div Dropout Elu Equal Erf Exp Gelu HardSigmoid HardSwish Identity IsNaN LeakyRelu Log Max Min Mish Mul Neg Not Or Pow Reciprocal Relu Sigmoid Softplus Sqrt Sub Sum Tanh Where';

/** The sizes of what each operator makes, where more can be said than ONNX Runtime infers. */
const steps: Readonly<Record<string, Step>> = {
  ...Object.fromEntries(aligned.split(' ').map((name): [string, Step] => [name, broadcast])),
  LayerNormalization: ofFirst,
  ReduceMean: reduced,
  ReduceSum: reduced,
  Softmax: ofFirst,
  MatMul: multiplied,
  Gemm: (known, node) =>
    intOf(node, 'transA', 0) === 0 ? [...axesOf(known, node.input[0]).slice(0, 1), null] : null,
  Transpose: turned,
  Gather: gathered,
  Unsqueeze: unsqueezed,
  Squeeze: squeezed,
  Split: (known, node) => {
    const axes = axesOf(known, node.input[0]);
    const split = axisFromStart(intOf(node, 'axis', 0), axes.length);
    return axes.map((size, axis) => (axis === split ? null : size));
  },
  Slice: sliced,
  Expand: (known, { input: [data, shape = ''] }) =>
    together([axesOf(known, data), listedOf(known, shape) ?? []]),
  Reshape: reshaped,
};

/** Follows sizes through a graph: those ONNX Runtime infers are numbers, of others it tells nothing but that there are some. */
export function knownSizes(graph: OnnxGraph, values: KnownSizes['values']): KnownSizes {
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const known: KnownSizes = { constants, values, axes: new Map(), listed: new Map() };
  for (const input of graph.input) known.axes.set(input.name, declaredSizes(input));
  for (const node of sortNodes(graph.node)) follow(known, node);
  return known;
}

/** Some exporters write `?` or `None` for each size they do not know. */
const isName = /^(?!None$)\w/;

function declaredSizes({ name, type }: ValueInfo): AxisSize[] {
  const axes = type?.tensorType?.shape?.dim ?? [];
  return axes.map(({ dimValue, dimParam }, axis) => {
    const size = numberOf(dimValue ?? 0);
    return size > 0 ? size : isName.test(dimParam ?? '') ? `named ${dimParam ?? ''}` : ownSize(name, axis);
  });
}

function ownSize(name: string, axis: number): string {
  return `axis ${axis} of ${name}`;
}

function follow(known: KnownSizes, node: OnnxNode): void {
  if (node.domain !== '') return;
  const made = steps[node.opType]?.(known, node) ?? null;
  for (const name of node.output) {
    const inferred = known.values.get(name)?.shape;
    if (inferred === undefined) continue;
    const isMade = made?.length === inferred.length;
    known.axes.set(
      name,
      inferred.map((size, axis) => size ?? (isMade ? made[axis] : null) ?? ownSize(name, axis)),
    );
  }
  const listed = listedBy(known, node);
  if (listed !== null) known.listed.set(node.output[0] ?? '', listed);
}

/** None where nothing is known. */
export function axesOf({ axes, constants, values }: KnownSizes, name = ''): readonly AxisSize[] {
  const constant = constants.get(name);
  if (constant !== undefined) return shapeOf(constant);
  return axes.get(name) ?? (values.get(name)?.shape ?? []).map((size, axis) => size ?? ownSize(name, axis));
}

function ofFirst(known: KnownSizes, { input: [name] }: OnnxNode): readonly AxisSize[] {
  return axesOf(known, name);
}

/** Axes are aligned at the end. */
function broadcast(known: KnownSizes, { input }: OnnxNode): Made {
  return together(input.filter((name) => name !== '').map((name) => axesOf(known, name)));
}

function together(operands: readonly (readonly AxisSize[])[]): Made {
  const rank = Math.max(...operands.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = operands.map((axes) => axes[axes.length - rank + axis] ?? 1);
    const [size = 1, ...others] = new Set(sizes.filter((one) => one !== 1));
    // A number is what the others are too, or stretch to.
    return others.length === 0 ? size : ([size, ...others].find((one) => typeof one === 'number') ?? null);
  });
}

function multiplied(known: KnownSizes, { input: [first, second] }: OnnxNode): Made | null {
  const [left, right] = [axesOf(known, first), axesOf(known, second)];
  if (left.length < 2 || right.length < 2) return null;
  return [...together([left.slice(0, -2), right.slice(0, -2)]), left.at(-2)!, right.at(-1)!];
}

function turned(known: KnownSizes, node: OnnxNode): Made {
  const axes = axesOf(known, node.input[0]);
  const order = intsOf(known, node, { attribute: 'perm', input: 1 });
  return order === null ? axes.toReversed() : order.map((axis) => axes[axis] ?? null);
}

function reduced(known: KnownSizes, node: OnnxNode): Made | null {
  const axes = axesOf(known, node.input[0]);
  const given = intsOf(known, node, { attribute: 'axes', input: 1 });
  const gone = given?.map((axis) => axisFromStart(axis, axes.length));
  if (gone === undefined) return null;
  const isKept = intOf(node, 'keepdims', 1) !== 0;
  return axes.flatMap((size, axis) => (gone.includes(axis) ? (isKept ? [1] : []) : [size]));
}

function gathered(known: KnownSizes, node: OnnxNode): Made {
  const [data, places] = node.input.map((name) => axesOf(known, name));
  const axis = axisFromStart(intOf(node, 'axis', 0), data?.length ?? 0);
  return data === undefined ? [] : [...data.slice(0, axis), ...(places ?? []), ...data.slice(axis + 1)];
}

function unsqueezed(known: KnownSizes, node: OnnxNode): Made | null {
  const left = [...axesOf(known, node.input[0])];
  const added = intsOf(known, node, { attribute: 'axes', input: 1 });
  if (added === null) return null;
  const rank = left.length + added.length;
  const places = added.map((axis) => axisFromStart(axis, rank));
  return Array.from({ length: rank }, (_, axis) => (places.includes(axis) ? 1 : (left.shift() ?? null)));
}

function squeezed(known: KnownSizes, node: OnnxNode): Made | null {
  const axes = axesOf(known, node.input[0]);
  const gone = intsOf(known, node, { attribute: 'axes', input: 1 });
  const places = gone?.map((axis) => axisFromStart(axis, axes.length));
  return places === undefined ? null : axes.filter((_, axis) => !places.includes(axis));
}

/** What is taken of an axis is not followed. */
function sliced(known: KnownSizes, { input: [data, starts, , places = ''] }: OnnxNode): Made | null {
  const axes = axesOf(known, data);
  const count = axesOf(known, starts)[0];
  const first = typeof count === 'number' ? [...Array(count).keys()] : null;
  const taken = places === '' ? first : storedInts(known, places);
  const cut = taken?.map((axis) => axisFromStart(axis, axes.length));
  return cut === undefined ? null : axes.map((size, axis) => (cut.includes(axis) ? null : size));
}

/** 0 copies a size of what is reshaped, -1 stands for what the others leave. */
function reshaped(known: KnownSizes, node: OnnxNode): Made | null {
  const [data, shape = ''] = node.input;
  const [axes, told] = [axesOf(known, data), listedOf(known, shape)];
  if (told === null || axes.length === 0 || (told.includes(0) && hasEmptyAxes(node))) return null;
  const stated = told.map((size, axis) => (size === 0 ? (axes[axis] ?? null) : size));
  const others = stated.filter((size) => size !== -1);
  return stated.map((size) => (size === -1 ? quotient(axes, others) : size));
}

/** Whether a size of 0 means what it says. */
export function hasEmptyAxes(reshape: OnnxNode): boolean {
  return intOf(reshape, 'allowzero', 0) !== 0;
}

/** Of two products of sizes; null where it is not one known size. */
function quotient(dividend: readonly AxisSize[], divisor: Made): AxisSize | null {
  const left = [...dividend];
  for (const size of divisor.filter((one) => typeof one !== 'number')) {
    const at = size === null ? -1 : left.indexOf(size);
    if (at < 0) return null;
    left.splice(at, 1);
  }
  const number = (sizes: Made): number =>
    sizes.reduce<number>((product, size) => (typeof size === 'number' ? product * size : product), 1);
  const [name, ...more] = left.filter((size) => typeof size === 'string');
  const ratio = number(left) / number(divisor);
  if (name === undefined) return Number.isInteger(ratio) ? ratio : null;
  return more.length === 0 && ratio === 1 ? name : null;
}
