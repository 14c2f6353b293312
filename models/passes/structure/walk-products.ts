import type { OnnxNode } from '../../onnx/model.ts';
import { shapeOf } from '../../onnx/tensor.ts';
import {
  cutTensor,
  hasUnits,
  intOf,
  joinAxes,
  labelsOf,
  pin,
  pinAll,
  sizesOf,
  type AxisUnits,
  type Walk,
} from './walk.ts';

/** A product with a stored matrix reads the units of its input's last axis and makes new ones; one of two computed values keeps batch axes. */
export function walkMatMul(walk: Walk, node: OnnxNode): AxisUnits | null {
  const [left = '', right = ''] = node.input;
  const isMatrix = walk.constants.get(right)?.dims.length === 2;
  if (isMatrix) return walkStoredProduct(walk, node, { inputAxis: 0, bias: '' });
  if (walk.constants.has(left) || walk.constants.has(right)) return null;
  return walkComputedProduct(walk, labelsOf(walk, left), labelsOf(walk, right));
}

export function walkGemm(walk: Walk, node: OnnxNode): AxisUnits | null {
  const isStored = walk.constants.has(node.input[1] ?? '');
  if (!isStored || intOf(node, 'transA', 0) !== 0) return null;
  const bias = node.input[2] ?? '';
  if (bias !== '' && !walk.constants.has(bias)) return null;
  return walkStoredProduct(walk, node, { inputAxis: intOf(node, 'transB', 0) === 0 ? 0 : 1, bias });
}

function walkStoredProduct(
  walk: Walk,
  node: OnnxNode,
  { inputAxis, bias }: { inputAxis: 0 | 1; bias: string },
): AxisUnits {
  const [input = '', weight = ''] = node.input;
  const labels = labelsOf(walk, input);
  readUnits(walk, node, { axis: inputAxis, units: labels.at(-1) ?? null });
  const outputs = sizesOf(walk, weight)?.[1 - inputAxis] ?? 0;
  const made = walk.units.add(outputs);
  cutTensor(walk, weight, { axis: 1 - inputAxis, units: made, role: 'makes' });
  cutBias(walk, bias, made);
  return [...labels.slice(0, -1), made];
}

function readUnits(
  walk: Walk,
  node: OnnxNode,
  { axis, units }: { axis: number; units: Int32Array | null },
): void {
  if (units === null) return;
  const weight = walk.constants.get(node.input[1] ?? '')!;
  cutTensor(walk, weight.name, { axis, units, role: 'reads' });
  walk.readers.push({ node, weight, units });
}

/** A bias with an entry for each unit; one value for all stays. */
function cutBias(walk: Walk, bias: string, units: Int32Array): void {
  const sizes = bias === '' ? [] : (sizesOf(walk, bias) ?? []);
  if (sizes.at(-1) !== units.length || units.length === 1) {
    if (units.length === 1) pin(walk, units);
    return;
  }
  cutTensor(walk, bias, { axis: sizes.length - 1, units, role: 'follows' });
}

/** Of [..., m, k] and [..., k, n]: what is summed over stays, the batch axes go together. */
function walkComputedProduct(walk: Walk, left: AxisUnits, right: AxisUnits): AxisUnits | null {
  if (left.length !== right.length || left.length < 2) return null;
  pin(walk, left.at(-1));
  pin(walk, right.at(-2));
  const batch = left.slice(0, -2).map((axis, index) => joined(walk, axis, right[index] ?? null));
  return [...batch, left.at(-2) ?? null, right.at(-1) ?? null];
}

/** Where only one side has units, the other side's places must stay, and so must these. */
function joined(walk: Walk, first: Int32Array | null, second: Int32Array | null): Int32Array | null {
  if (first !== null && second !== null) {
    joinAxes(walk, first, second);
    walk.units.mark(first, 'attended');
    return first;
  }
  pin(walk, first);
  pin(walk, second);
  return null;
}

/** Kernels [out, in / groups, ...]: full, grouped (each group loses the same places) or depthwise (outputs follow inputs). */
export function walkConv(walk: Walk, node: OnnxNode): AxisUnits | null {
  const [input = '', kernel = ''] = node.input;
  const weight = walk.constants.get(kernel);
  if (weight === undefined) return null;
  const [outputs = 0, inputsPerGroup = 0] = shapeOf(weight);
  const labels = labelsOf(walk, input);
  pinAll(walk, labels.slice(2));
  const channels = labels[1] ?? null;
  const groups = intOf(node, 'group', 1);
  const made =
    groups > 1 && inputsPerGroup === 1
      ? followDepthwise(walk, node, { channels, outputs, cut: null })
      : makeChannels(walk, node, { channels, groups, outputs });
  if (made === null) return labels.map(() => null);
  walk.units.mark(made, 'convolved');
  cutBias(walk, node.input[2] ?? '', made);
  return labels.map((_, axis) => (axis === 1 ? made : null));
}

/**
 * Without units on its inputs, a depthwise convolution has none to give. The first axis of the kernels is that of `cut`, of the outputs
 * where that is null.
 */
function followDepthwise(
  walk: Walk,
  node: OnnxNode,
  { channels, outputs, cut }: Omit<Grouped, 'groups'> & { cut: Int32Array | null },
): Int32Array | null {
  if (channels === null) return null;
  const made = Int32Array.from(
    { length: outputs },
    (_, place) => channels[Math.floor((place * channels.length) / outputs)]!,
  );
  cutTensor(walk, node.input[1] ?? '', { axis: 0, units: cut ?? made, role: 'follows' });
  walk.resizes.push({ kind: 'group', node, attribute: 'group', units: channels });
  return made;
}

interface Grouped {
  channels: Int32Array | null;
  groups: number;
  outputs: number;
}

function makeChannels(walk: Walk, node: OnnxNode, { channels, groups, outputs }: Grouped): Int32Array {
  if (channels !== null) {
    tieGroups(walk, channels, groups);
    walk.units.mark(channels, 'convolved');
    readUnits(walk, node, { axis: 1, units: channels.subarray(0, channels.length / groups) });
  }
  const made = walk.units.add(outputs);
  tieGroups(walk, made, groups);
  cutTensor(walk, node.input[1] ?? '', { axis: 0, units: made, role: 'makes' });
  return made;
}

/** Groups must stay equally large: the same place of each goes together. */
function tieGroups(walk: Walk, units: Int32Array, groups: number): void {
  const size = units.length / groups;
  for (let place = size; place < units.length; place++) walk.units.join(units[place % size]!, units[place]!);
}

/** Kernels [in, out / groups, ...]: spatial places are mixed; channels as those of a convolution. */
export function walkConvTranspose(walk: Walk, node: OnnxNode): AxisUnits | null {
  const [input = '', kernel = '', bias = ''] = node.input;
  const weight = walk.constants.get(kernel);
  if (weight === undefined) return null;
  const [inputs = 0, outputsPerGroup = 0] = shapeOf(weight);
  const labels = labelsOf(walk, input);
  pinAll(walk, labels.slice(2));
  const channels = labels[1] ?? null;
  const groups = intOf(node, 'group', 1);
  const outputs = outputsPerGroup * groups;
  const made =
    groups > 1 && groups === inputs
      ? followDepthwise(walk, node, { channels, outputs, cut: channels })
      : makeTransposed(walk, node, { channels, groups, outputs });
  if (made === null) return labels.map(() => null);
  walk.units.mark(made, 'convolved');
  cutBias(walk, bias, made);
  return labels.map((_, axis) => (axis === 1 ? made : null));
}

function makeTransposed(walk: Walk, node: OnnxNode, { channels, groups, outputs }: Grouped): Int32Array {
  if (channels !== null) {
    tieGroups(walk, channels, groups);
    walk.units.mark(channels, 'convolved');
    readUnits(walk, node, { axis: 0, units: channels });
  }
  const made = walk.units.add(outputs);
  tieGroups(walk, made, groups);
  const perGroup = made.subarray(0, outputs / groups);
  cutTensor(walk, node.input[1] ?? '', { axis: 1, units: perGroup, role: 'makes' });
  return made;
}

/** Scale and shift of each channel, whose own places are looked at together. */
export function walkInstanceNorm(walk: Walk, node: OnnxNode): AxisUnits | null {
  const labels = labelsOf(walk, node.input[0] ?? '');
  const channels = labels[1] ?? null;
  if (channels === null) return null;
  pinAll(walk, labels.slice(2));
  for (const name of node.input.slice(1, 3))
    cutTensor(walk, name, { axis: 0, units: channels, role: 'follows' });
  return labels.map((units, axis) => (axis < 2 ? units : null));
}

/** Scale, shift, mean and variance of each channel. */
export function walkBatchNorm(walk: Walk, node: OnnxNode): AxisUnits | null {
  const labels = labelsOf(walk, node.input[0] ?? '');
  const channels = labels[1] ?? null;
  if (!hasUnits(labels) || channels === null) return null;
  for (const name of node.input.slice(1, 5))
    cutTensor(walk, name, { axis: 0, units: channels, role: 'follows' });
  return labels;
}
