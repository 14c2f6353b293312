import type { OnnxNode } from '../../onnx/model.ts';
import {
  labelsOf,
  pin,
  sizesOf,
  soleReader,
  storedInts,
  type AxisUnits,
  type Resize,
  type Walk,
} from './walk.ts';

/** More axes than a Reshape makes. */
const mostAxes = 64;

/** Units of what a Reshape makes: the sizes it is told must follow, and can where they are stored, or those of a value that loses the same places; else units stay. */
export function resized(walk: Walk, node: OnnxNode, made: readonly (Int32Array | null)[]): AxisUnits {
  const like = walk.shapesOf.get(node.input[1] ?? '');
  if (like !== undefined) return resizedLike(walk, labelsOf(walk, like), made);
  const stated = statedSizes(walk, node);
  return made.map((units, axis) => {
    if (units === null) return null;
    const place = stated[axis] ?? null;
    if (place === null) {
      pin(walk, units);
      return null;
    }
    // What is left to be reckoned, or copied, follows by itself.
    if (place.size > 0) walk.resizes.push({ kind: 'size', units, ...place });
    return units;
  });
}

/** A stored size, and where it is. */
type Stated = Pick<Extract<Resize, { kind: 'size' }>, 'at' | 'input' | 'node'> & { size: number };

/** The sizes a Reshape is told, which another node may join of stored and computed ones: null for each that is computed. */
function statedSizes(walk: Walk, node: OnnxNode): (Stated | null)[] {
  const name = node.input[1] ?? '';
  const stored = storedAt(walk, node, 1);
  const joined = walk.makers.get(name);
  if (stored !== null) return stored;
  if (joined?.opType !== 'Concat' || soleReader(walk, name) !== node) return [];
  return joined.input.flatMap((part, input) => {
    const count = sizesOf(walk, part)?.[0] ?? Infinity;
    // Where a part of unknown length starts is known, not what comes after.
    return storedAt(walk, joined, input) ?? Array.from({ length: Math.min(count, mostAxes) }, () => null);
  });
}

function storedAt(walk: Walk, node: OnnxNode, input: number): Stated[] | null {
  const sizes = storedInts(walk, node.input[input] ?? '');
  return sizes?.map((size, at) => ({ node, input, at, size })) ?? null;
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
