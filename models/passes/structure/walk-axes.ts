import { shapeOf } from '../../onnx/tensor.ts';
import type { OnnxNode } from '../../onnx/model.ts';
import { walkReshape } from './walk-shapes.ts';
import { axisFromStart, intOf, intsOf, labelsOf, pin, type AxisUnits, type Walk } from './walk.ts';

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

/** One place of an axis without units, as of query, key and value stored together; more than one, or computed ones, end the walk. */
export function walkGather(walk: Walk, node: OnnxNode): AxisUnits | null {
  const [data = '', indices = ''] = node.input;
  const labels = labelsOf(walk, data);
  const axis = axisFromStart(intOf(node, 'axis', 0), labels.length);
  const index = walk.constants.get(indices);
  const isOne = index !== undefined && shapeOf(index).length === 0;
  return isOne && labels[axis] === null ? labels.filter((_, other) => other !== axis) : null;
}
