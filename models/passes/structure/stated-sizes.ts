import type { OnnxNode } from '../../onnx/model.ts';
import { labelsOf, pin, storedInts, type AxisUnits, type Walk } from './walk.ts';

/** Units of what a Reshape makes: the sizes it is told must follow, and can where they are stored, or those of a value that loses the same places; else units stay. */
export function resized(walk: Walk, node: OnnxNode, made: readonly (Int32Array | null)[]): AxisUnits {
  const like = walk.shapesOf.get(node.input[1] ?? '');
  if (like !== undefined) return resizedLike(walk, labelsOf(walk, like), made);
  const stated = storedInts(walk, node.input[1] ?? '');
  return made.map((units, axis) => {
    if (units === null) return null;
    if (stated === null) {
      pin(walk, units);
      return null;
    }
    // What is left to be reckoned, or copied, follows by itself.
    if ((stated[axis] ?? 0) > 0) walk.resizes.push({ kind: 'size', node, axis, units });
    return units;
  });
}

/** To the sizes of another value. */
function resizedLike(walk: Walk, labels: AxisUnits, made: readonly (Int32Array | null)[]): AxisUnits {
  const isSame = (one: Int32Array, other: Int32Array): boolean =>
    one.length === other.length &&
    one.every((unit, place) => walk.units.rootOf(unit) === walk.units.rootOf(other[place]!));
  return made.map((units, axis) => {
    const other = labels[axis] ?? null;
    if (units !== null && other !== null && isSame(units, other)) return units;
    pin(walk, units);
    pin(walk, other);
    return null;
  });
}
