import type { OnnxNode } from '../../onnx/model.ts';
import { walkReshape } from './walk-reshape.ts';
import {
  axisFromStart,
  hasUnits,
  intOf,
  intsOf,
  labelsOf,
  pin,
  pinAll,
  sizesOf,
  storedInts,
  type AxisUnits,
  type Walk,
} from './walk.ts';

/** Axes of size 1 go; sizes that are known only at run time need not be compared where the axes are named. */
export function walkSqueeze(walk: Walk, node: OnnxNode): AxisUnits | null {
  const labels = labelsOf(walk, node.input[0] ?? '');
  const gone = axesOf(walk, node, labels.length);
  if (gone === null) return walkReshape(walk, node);
  for (const axis of gone) pin(walk, labels[axis]);
  return labels.filter((_, axis) => !gone.includes(axis));
}

/** Axes of size 1 come. */
export function walkUnsqueeze(walk: Walk, node: OnnxNode): AxisUnits | null {
  const labels = labelsOf(walk, node.input[0] ?? '');
  const count = intsOf(walk, node, { attribute: 'axes', input: 1 })?.length ?? 0;
  const made = axesOf(walk, node, labels.length + count);
  if (made === null) return walkReshape(walk, node);
  const left = [...labels];
  return Array.from({ length: labels.length + count }, (_, axis) =>
    made.includes(axis) ? null : (left.shift() ?? null),
  );
}

function axesOf(walk: Walk, node: OnnxNode, rank: number): number[] | null {
  return (
    intsOf(walk, node, { attribute: 'axes', input: 1 })?.map((axis) => axisFromStart(axis, rank)) ?? null
  );
}

/** Sizes of axes without units, or those that Reshapes and Expands are told, which see to it that they follow. What else is read are units that must stay. */
export function walkShape(walk: Walk, node: OnnxNode): AxisUnits | null {
  const [input = ''] = node.input;
  const [made = ''] = node.output;
  const labels = labelsOf(walk, input);
  const rank = labels.length;
  const [start, end] = [intOf(node, 'start', 0), intOf(node, 'end', rank)];
  const told = labels.slice(start, end);
  if (!hasUnits(told)) return [];
  const readers = walk.readersOf.get(made) ?? [];
  const isTold = (reader: OnnxNode): boolean =>
    told.length === rank && ['Expand', 'Reshape'].includes(reader.opType) && reader.input[1] === made;
  if (readers.length !== walk.uses.get(made)) return null;
  if (!readers.every((reader) => isTold(reader) || isOfOtherAxes(walk, reader, told))) return null;
  if (readers.some(isTold)) walk.shapesOf.set(made, input);
  return [];
}

/** What is stretched to the sizes of a value with units has those where it had one place for all. */
export function walkExpand(walk: Walk, { input: [data = '', shape = ''] }: OnnxNode): AxisUnits | null {
  const labels = labelsOf(walk, walk.shapesOf.get(shape) ?? '');
  const sizes = sizesOf(walk, data);
  if (sizes === undefined || hasUnits(labelsOf(walk, data))) return pinned(walk, labels);
  const offset = labels.length - sizes.length;
  const isOne = (axis: number): boolean => axis < offset || sizes[axis - offset] === 1;
  return hasUnits(labels) && labels.every((units, axis) => units === null || isOne(axis))
    ? labels
    : pinned(walk, labels);
}

function pinned(walk: Walk, labels: AxisUnits): null {
  pinAll(walk, labels);
  return null;
}

/** Whether a Gather or Slice takes sizes of axes without units alone. */
function isOfOtherAxes(walk: Walk, { opType, input }: OnnxNode, told: AxisUnits): boolean {
  const [places, end] = [1, 2].map((at) => storedInts(walk, input[at] ?? ''));
  if (places === null || places === undefined) return false;
  if (opType === 'Gather') return places.every((place) => told.at(place) === null);
  const isRun = opType === 'Slice' && end !== null && (input[4] ?? '') === '';
  return isRun && !hasUnits(told.slice(places[0], end?.[0]));
}

/** Any places of an axis without units, as of query, key and value stored together; stored places, in one row, of an axis with units. */
export function walkGather(walk: Walk, node: OnnxNode): AxisUnits | null {
  const [data = '', indices = ''] = node.input;
  const labels = labelsOf(walk, data);
  const axis = axisFromStart(intOf(node, 'axis', 0), labels.length);
  const sizes = sizesOf(walk, indices);
  if (sizes === undefined) return null;
  pinAll(walk, labelsOf(walk, indices));
  const all = labels[axis] ?? null;
  const units = all === null ? null : gathered(walk, node, all);
  if (all !== null && units === null) return null;
  return [...labels.slice(0, axis), ...sizes.map(() => units), ...labels.slice(axis + 1)];
}

/** A single place, whose axis goes, must stay. */
function gathered(walk: Walk, node: OnnxNode, all: Int32Array): Int32Array | null {
  const [, indices = ''] = node.input;
  const rank = sizesOf(walk, indices)?.length ?? 0;
  const places = storedInts(walk, indices)?.map((place) => axisFromStart(place, all.length));
  if (places === undefined || rank > 1) return null;
  const units = Int32Array.from(places, (place) => all[place] ?? 0);
  if (rank === 0) pin(walk, units);
  walk.resizes.push({ kind: 'gather', node, units, places, all });
  return units;
}

/** Neighbouring places, in their order, of an axis with units; any of other axes. */
export function walkSlice(walk: Walk, node: OnnxNode): AxisUnits | null {
  const labels = labelsOf(walk, node.input[0] ?? '');
  const axes = slicedAxes(walk, node);
  if (axes === null) return null;
  const made = [...labels];
  for (const [at, given] of axes.entries()) {
    const axis = axisFromStart(given, labels.length);
    const all = labels[axis] ?? null;
    if (all === null) continue;
    const taken = sliced(walk, node, { at, all });
    if (taken === null) return null;
    made[axis] = taken;
  }
  return made;
}

/** The first ones where none are named. */
function slicedAxes(walk: Walk, node: OnnxNode): number[] | null {
  const [, starts = '', , axes = ''] = node.input;
  if (axes !== '') return storedInts(walk, axes);
  const count = sizesOf(walk, starts)?.[0] ?? null;
  return count === null ? null : [...Array(count).keys()];
}

function sliced(walk: Walk, node: OnnxNode, { at, all }: { at: number; all: Int32Array }): Int32Array | null {
  const [, starts = '', ends = '', , steps = ''] = node.input;
  const [start, end] = [starts, ends].map((name) => storedInts(walk, name)?.[at]);
  const step = steps === '' ? 1 : storedInts(walk, steps)?.[at];
  if (start === undefined || end === undefined || step !== 1) return null;
  // Both count from the end where they are negative, and stop at the ends of the axis, as those of `slice` do.
  const units = all.slice(start, end);
  if (units.length === 0) return null;
  walk.resizes.push({ kind: 'slice', node, units, at, before: all.slice(0, start) });
  return units;
}
