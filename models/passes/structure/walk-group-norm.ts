import { elementCount } from '../../../core/tensor.ts';
import type { OnnxNode } from '../../onnx/model.ts';
import { resized } from './stated-sizes.ts';
import {
  cutTensor,
  hasUnits,
  intOf,
  labelsOf,
  pinAll,
  sizesOf,
  soleReader,
  storedInts,
  type AxisUnits,
  type Walk,
} from './walk.ts';

/** Mean and variance are those of a group of channels, so a group goes whole; scale and shift are those of a channel, up to operator set 20 of a group. */
export function walkGroupNorm(walk: Walk, node: OnnxNode): AxisUnits | null {
  const [input = '', ...parameters] = node.input;
  const labels = labelsOf(walk, input);
  const channels = labels[1] ?? null;
  if (channels === null) return hasUnits(labels) ? null : labels;
  const groups = groupsOf(walk, channels, intOf(node, 'num_groups', 0));
  if (groups === null) return null;
  pinAll(walk, labels.slice(2));
  for (const name of parameters) {
    const isOfChannels = sizesOf(walk, name)?.[0] === channels.length;
    cutTensor(walk, name, { axis: 0, units: isOfChannels ? channels : groups, role: 'follows' });
  }
  walk.resizes.push({ kind: 'group', node, attribute: 'num_groups', units: groups });
  return labels.map((units, axis) => (axis < 2 ? units : null));
}

/** The unit of each group, as all of its channels go together; null where there is but one, which cannot go. */
function groupsOf(walk: Walk, channels: Int32Array, count: number): Int32Array | null {
  const size = channels.length / count;
  if (count < 2 || !Number.isInteger(size)) return null;
  const groups = Int32Array.from({ length: count }, (_, group) => channels[group * size]!);
  for (const [place, unit] of channels.entries()) walk.units.join(groups[Math.floor(place / size)]!, unit);
  return groups;
}

/**
 * The first part of a group normalisation as exporters write it: groups become what InstanceNormalization takes for channels, until another
 * Reshape makes channels of them again. Null where a Reshape is none.
 */
export function walkGrouping(walk: Walk, node: OnnxNode): AxisUnits | null {
  const [source = '', shape = ''] = node.input;
  const [grouped = ''] = node.output;
  const labels = labelsOf(walk, source);
  const channels = labels[1] ?? null;
  const normalised = isNormalised(walk, grouped);
  const count = sizesOf(walk, grouped)?.[1] ?? null;
  if (channels === null || normalised === null || count === null) return null;
  if (storedInts(walk, shape)?.length !== 3 || !keepsSamples(walk, node)) return null;
  const groups = groupsOf(walk, channels, count);
  if (groups === null) return null;
  pinAll(walk, labels.with(1, null));
  walk.grouped.set(normalised, { source, channels });
  return resized(walk, node, [null, groups, null]);
}

/** The value that InstanceNormalization makes of groups, which nothing but another Reshape reads. */
function isNormalised(walk: Walk, grouped: string): string | null {
  const normalisation = soleReader(walk, grouped);
  const [value = ''] = normalisation?.output ?? [];
  const isFollowed = soleReader(walk, value)?.opType === 'Reshape';
  return normalisation?.opType === 'InstanceNormalization' && isFollowed ? value : null;
}

/** The last part of it. */
export function walkUngrouping(walk: Walk, node: OnnxNode): AxisUnits | null {
  const [input = '', shape = ''] = node.input;
  const before = walk.grouped.get(input);
  if (before === undefined) return null;
  const like = walk.shapesOf.get(shape);
  const sizes = sizesOf(walk, like ?? node.output[0] ?? '');
  const isBack = like === undefined ? keepsSamples(walk, node) : like === before.source;
  if (!isBack || sizes?.[1] !== before.channels.length) return null;
  return resized(
    walk,
    node,
    sizes.map((_, axis) => (axis === 1 ? before.channels : null)),
  );
}

/** Whether a Reshape leaves the first axis as it is, and so moves nothing from sample to sample. */
function keepsSamples(walk: Walk, node: OnnxNode): boolean {
  const [input = '', shape = ''] = node.input;
  const [before = [], after = []] = [sizesOf(walk, input), sizesOf(walk, node.output[0] ?? '')];
  const rests = [before, after].map((sizes) => sizes.slice(1).filter((size) => size !== null));
  const isRestKnown = rests[0]?.length === before.length - 1 && rests[1]?.length === after.length - 1;
  if (isRestKnown) return elementCount(rests[0] ?? []) === elementCount(rests[1] ?? []);
  const isCopied = storedInts(walk, shape)?.[0] === 0 && intOf(node, 'allowzero', 0) === 0;
  return isCopied || (typeof before[0] === 'number' && before[0] === after[0]);
}
