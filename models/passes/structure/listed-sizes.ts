import type { OnnxNode } from '../../onnx/model.ts';
import { axesOf, type AxisSize, type KnownSizes } from './axis-sizes.ts';
import { intOf, storedInts } from './walk.ts';

type Listed = readonly AxisSize[];

/** Longer lists are no sizes of axes. */
const mostAxes = 8;

/** The sizes a value holds, some of which may be known to no other; null where it is no list of sizes. */
export function listedOf({ listed, constants, values }: KnownSizes, name: string): Listed | null {
  const known = listed.get(name);
  if (known !== undefined) return known;
  const shape = constants.get(name)?.dims.map(Number) ?? values.get(name)?.shape;
  const count = shape?.length === 0 ? 1 : shape?.length === 1 ? (shape[0] ?? null) : null;
  if (count === null || count > mostAxes) return null;
  if (constants.has(name)) return storedInts({ constants }, name);
  return Array.from({ length: count }, (_, at) => `entry ${at} of ${name}`);
}

/** The sizes a node makes of others; null where it makes something else. */
export function listedBy(known: KnownSizes, node: OnnxNode): Listed | null {
  const [first = '', second = ''] = node.input;
  switch (node.opType) {
    case 'Shape': {
      const axes = axesOf(known, first);
      return axes.length === 0 ? null : axes.slice(intOf(node, 'start', 0), intOf(node, 'end', axes.length));
    }
    case 'Cast':
    case 'Identity':
    case 'Squeeze':
    case 'Unsqueeze':
      return known.listed.get(first) ?? null;
    case 'Gather':
      return taken(known.listed.get(first), storedInts(known, second));
    case 'Slice':
      return sliced(known, node);
    case 'Concat': {
      const parts = node.input.map((name) => listedOf(known, name));
      return parts.every((part) => part !== null) ? parts.flat() : null;
    }
    default:
      return node.opType in operations
        ? computed(node.opType, listedOf(known, first), listedOf(known, second))
        : null;
  }
}

function taken(from: Listed | undefined, places: readonly number[] | null): Listed | null {
  const found = places?.map((place) => from?.at(place)) ?? [undefined];
  return found.every((size) => size !== undefined) ? found : null;
}

function sliced(known: KnownSizes, { input }: OnnxNode): Listed | null {
  const [list = '', start = '', end = '', , step = ''] = input;
  const [from, to, by] = [start, end, step].map((name) => storedInts(known, name)?.[0]);
  if (from === undefined || to === undefined || (by ?? 1) !== 1) return null;
  return known.listed.get(list)?.slice(from, to) ?? null;
}

const operations: Readonly<Record<string, (left: number, right: number) => number>> = {
  Add: (left, right) => left + right,
  Sub: (left, right) => left - right,
  Mul: (left, right) => left * right,
  Div: (left, right) => left / right,
};

/** Of numbers alone. A quotient that is no integer would be rounded, which depends on the type. */
function computed(operator: string, left: Listed | null, right: Listed | null): Listed | null {
  const [first, second] = [left?.[0], right?.[0]];
  if (left?.length !== 1 || right?.length !== 1) return null;
  if (typeof first !== 'number' || typeof second !== 'number') return null;
  const result = operations[operator]?.(first, second) ?? NaN;
  return Number.isInteger(result) ? [result] : null;
}
