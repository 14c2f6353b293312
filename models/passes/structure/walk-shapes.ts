import type { OnnxNode } from '../../onnx/model.ts';
import { elementTypeNumbers } from '../../onnx/element-type.ts';
import { floatsOf } from '../weights.ts';
import {
  axisFromStart,
  cutTensor,
  intOf,
  intsOf,
  joinAxes,
  labelsOf,
  pin,
  pinAll,
  sizesOf,
  type AxisUnits,
  type Walk,
} from './walk.ts';

/** Axes as they broadcast: aligned at the end; a stored operand with an entry for each unit is cut along. */
export function walkElementwise(walk: Walk, node: OnnxNode): AxisUnits | null {
  const sizes = sizesOf(walk, node.output[0] ?? '');
  if (sizes === undefined) return null;
  const operands = node.input.filter((name) => name !== '');
  return sizes.map((_, axis) => {
    const places = operands.map((name) => placeAt(walk, name, axis - sizes.length));
    return joinPlaces(walk, places);
  });
}

/** One operand's part in one axis of the output, counted from the end. */
interface Place {
  name: string;
  /** Of the operand's own axis; 1 where it has none. */
  size: number | null;
  axis: number;
  units: Int32Array | null;
}

function placeAt(walk: Walk, name: string, fromEnd: number): Place {
  const sizes = sizesOf(walk, name) ?? [];
  const axis = sizes.length + fromEnd;
  return {
    name,
    axis,
    size: axis < 0 ? 1 : (sizes[axis] ?? null),
    units: labelsOf(walk, name)[axis] ?? null,
  };
}

function joinPlaces(walk: Walk, places: readonly Place[]): Int32Array | null {
  const [first, ...others] = places.flatMap(({ units }) => units ?? []);
  if (first === undefined) return null;
  for (const other of others) joinAxes(walk, first, other);
  for (const { name, size, axis, units } of places) {
    if (units !== null || size === 1) continue;
    if (walk.constants.has(name)) cutTensor(walk, name, { axis, units: first, role: 'follows' });
    else pin(walk, first);
  }
  return first;
}

/** The same axes; for operators that look at each value, or at each channel, alone. */
export function walkUnchanged(walk: Walk, node: OnnxNode): AxisUnits {
  return labelsOf(walk, node.input[0] ?? '');
}

/** Batch and channels go through, what comes after is pooled. */
export function walkPooling(walk: Walk, node: OnnxNode): AxisUnits {
  const labels = labelsOf(walk, node.input[0] ?? '');
  pinAll(walk, labels.slice(2));
  return labels.map((axis, index) => (index < 2 ? axis : null));
}

/** Axes that keep their size by a stated scale of 1 go through; sizes that are stated or computed would have to follow. */
export function walkResize(walk: Walk, node: OnnxNode): AxisUnits | null {
  const labels = labelsOf(walk, node.input[0] ?? '');
  const scales = walk.constants.get(node.input[2] ?? '');
  const isPart = node.attribute.some(({ name }) => name === 'axes');
  if (scales?.dataType !== elementTypeNumbers.float32 || isPart) return null;
  const factors = floatsOf(scales);
  if (factors.length !== labels.length) return null;
  return passingWhere(walk, labels, (axis) => factors[axis] === 1);
}

function passingWhere(walk: Walk, labels: AxisUnits, isKept: (axis: number) => boolean): AxisUnits {
  pinAll(
    walk,
    labels.filter((_, axis) => !isKept(axis)),
  );
  return labels.map((units, axis) => (isKept(axis) ? units : null));
}

/** Axes that nothing is put before or behind go through. */
export function walkPad(walk: Walk, node: OnnxNode): AxisUnits | null {
  const labels = labelsOf(walk, node.input[0] ?? '');
  const pads = intsOf(walk, node, { attribute: 'pads', input: 1 });
  const isPart = (node.input[3] ?? '') !== '';
  if (pads === null || isPart || pads.length !== 2 * labels.length) return null;
  const isKept = (axis: number): boolean => pads[axis] === 0 && pads[axis + labels.length] === 0;
  return passingWhere(walk, labels, isKept);
}

/** All places of the axis are weighed against each other; of a Softmax before operator set 13, and of LayerNormalization, those of all axes after it too. */
export function walkAlongAxis(walk: Walk, node: OnnxNode): AxisUnits {
  const labels = labelsOf(walk, node.input[0] ?? '');
  const isNormalization = node.opType === 'LayerNormalization';
  const isOne = !isNormalization && walk.opset >= 13;
  const axis = axisFromStart(intOf(node, 'axis', isOne || isNormalization ? -1 : 1), labels.length);
  const isMixed = (index: number): boolean => (isOne ? index === axis : index >= axis);
  pinAll(
    walk,
    labels.filter((_, index) => isMixed(index)),
  );
  return labels.map((units, index) => (isMixed(index) ? null : units));
}

export function walkReduce(walk: Walk, node: OnnxNode): AxisUnits | null {
  const labels = labelsOf(walk, node.input[0] ?? '');
  const axes = intsOf(walk, node, { attribute: 'axes', input: 1 })?.map((axis) =>
    axisFromStart(axis, labels.length),
  );
  if (axes === undefined) return null;
  pinAll(
    walk,
    labels.filter((_, index) => axes.includes(index)),
  );
  const isKept = intOf(node, 'keepdims', 1) === 1;
  return labels.flatMap((units, index) => (axes.includes(index) ? (isKept ? [null] : []) : [units]));
}

export function walkTranspose(walk: Walk, node: OnnxNode): AxisUnits {
  const labels = labelsOf(walk, node.input[0] ?? '');
  const order =
    intsOf(walk, node, { attribute: 'perm', input: 1 }) ?? labels.map((_, axis) => labels.length - 1 - axis);
  return order.map((axis) => labels[axis] ?? null);
}

export function walkConcat(walk: Walk, node: OnnxNode): AxisUnits | null {
  const parts = node.input.map((name) => labelsOf(walk, name));
  const rank = parts[0]?.length ?? 0;
  const axis = axisFromStart(intOf(node, 'axis', 0), rank);
  return Array.from({ length: rank }, (_, index) => {
    const axes = parts.map((labels) => labels[index] ?? null);
    return index === axis ? appended(walk, node, axes) : together(walk, axes);
  });
}

/** Places without units get the pinned one, 0. */
function appended(walk: Walk, node: OnnxNode, axes: readonly (Int32Array | null)[]): Int32Array | null {
  if (axes.every((units) => units === null)) return null;
  const axis = intOf(node, 'axis', 0);
  const parts = node.input.map((name, index) => {
    const size = sizesOf(walk, name)?.at(axis) ?? null;
    return axes[index] ?? (size === null ? null : new Int32Array(size));
  });
  if (parts.some((part) => part === null)) {
    pinAll(walk, axes);
    return null;
  }
  return Int32Array.from(parts.flatMap((part) => [...part!]));
}

function together(walk: Walk, axes: readonly (Int32Array | null)[]): Int32Array | null {
  const [first, ...others] = axes;
  if (first === null || first === undefined || others.some((units) => units === null)) {
    pinAll(walk, axes);
    return null;
  }
  for (const other of others) joinAxes(walk, first, other!);
  return first;
}

/** One set of axes for each output. */
export function walkSplit(walk: Walk, node: OnnxNode): AxisUnits[] | null {
  const labels = labelsOf(walk, node.input[0] ?? '');
  const axis = axisFromStart(intOf(node, 'axis', 0), labels.length);
  const units = labels[axis] ?? null;
  if (units === null) return node.output.map(() => labels);
  const sizes = node.output.map((name) => sizesOf(walk, name)?.[axis] ?? null);
  if (sizes.some((size) => size === null)) return null;
  let start = 0;
  const parts = sizes.map((size) => units.subarray(start, (start += size!)));
  walk.resizes.push({ kind: 'split', node, parts });
  return parts.map((part) => labels.map((own, index) => (index === axis ? part : own)));
}
