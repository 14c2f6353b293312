import type { OnnxNode } from '../../onnx/model.ts';
import { readTensor } from '../../onnx/tensor.ts';
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
    case 'Reshape':
      return known.values.get(node.output[0] ?? '')?.shape.length === 1 ? listedOf(known, first) : null;
    case 'ConstantOfShape':
      return repeated(node, listedOf(known, first));
    case 'Where':
      return chosen(node.input.map((name) => listedOf(known, name)));
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

/** A list of one number. */
function repeated({ attribute }: OnnxNode, counts: Listed | null): Listed | null {
  const [count, ...others] = counts ?? [];
  const held = attribute.find(({ name }) => name === 'value')?.t ?? null;
  if (typeof count !== 'number' || count > mostAxes || others.length > 0 || held === null) return null;
  const [value] = readTensor(held).data;
  return Array.from({ length: count }, () => Number(value));
}

/** What each of the conditions, 1 or 0, takes of two lists. */
function chosen([conditions, some, others]: readonly (Listed | null)[]): Listed | null {
  if (conditions?.length !== some?.length || conditions?.length !== others?.length) return null;
  const found = conditions?.map((condition, at) =>
    typeof condition === 'number' ? (condition === 1 ? some : others)?.[at] : undefined,
  );
  return found?.every((size) => size !== undefined) === true ? found : null;
}

const operations: Readonly<Record<string, (left: number, right: number) => number>> = {
  Equal: (left, right) => Number(left === right),
  Add: (left, right) => left + right,
  Sub: (left, right) => left - right,
  Mul: (left, right) => left * right,
  Div: (left, right) => left / right,
};

/** Of two lists, or of a list and one size. */
function computed(operator: string, left: Listed | null, right: Listed | null): Listed | null {
  if (left === null || right === null) return null;
  const length = Math.max(left.length, right.length);
  const fits = [left, right].every((list) => list.length === length || list.length === 1);
  if (!fits) return null;
  const results = Array.from({ length }, (_, at) =>
    operated(operator, left[at % left.length]!, right[at % right.length]!),
  );
  return results.every((size) => size !== null) ? results : null;
}

/** Of numbers alone, but that no axis has a size below 0. A quotient that is no integer would be rounded, which depends on the type. */
function operated(operator: string, left: AxisSize, right: AxisSize): number | null {
  if (operator === 'Equal' && (isNoSize(left, right) || isNoSize(right, left))) return 0;
  if (typeof left !== 'number' || typeof right !== 'number') return null;
  const result = operations[operator]?.(left, right) ?? NaN;
  return Number.isInteger(result) ? result : null;
}

/** What is called an entry of a list may be any number. */
function isNoSize(number: AxisSize, size: AxisSize): boolean {
  return typeof number === 'number' && number < 0 && typeof size === 'string' && !size.startsWith('entry ');
}
