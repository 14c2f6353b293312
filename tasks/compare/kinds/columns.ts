import type { Ids } from '../../../core/ids.ts';
import type { Clusters } from '../../../core/samples.ts';
import { namedRows } from '../../metrics/named-samples.ts';

export function takeItems<Item>(items: readonly Item[], indices: Int32Array): Item[] {
  return Array.from(indices, (index) => items[index]!);
}

export function takeIntegers(column: Int32Array, indices: Int32Array): Int32Array {
  return indices.map((index) => column[index]!);
}

/** Rows of a row-major matrix. */
export function takeFloats(column: Float64Array, indices: Int32Array, width = 1): Float64Array {
  return takeRows(column, new Float64Array(indices.length * width), indices);
}

/** The same of 0 and 1. */
export function takeFlags(column: Uint8Array, indices: Int32Array, width: number): Uint8Array {
  return takeRows(column, new Uint8Array(indices.length * width), indices);
}

function takeRows<Column extends Float64Array | Uint8Array>(
  column: Column,
  taken: Column,
  indices: Int32Array,
): Column {
  const width = taken.length / indices.length;
  for (let row = 0; row < indices.length; row++) {
    const start = indices[row]! * width;
    for (let offset = 0; offset < width; offset++) taken[row * width + offset] = column[start + offset]!;
  }
  return taken;
}

/** Names the samples with a number that is not finite, of a row-major [samples, numbers]; null where there are none. */
export function wildRows(ids: Ids, values: Float64Array): string | null {
  if (values.every(Number.isFinite)) return null;
  return namedRows({ ids, columns: values.length / ids.length }, (cell) => !Number.isFinite(values[cell]));
}

interface Facts {
  ids: Ids;
  clusters?: Clusters;
  weights?: Float64Array;
}

/** What is known of the samples beside what was expected and predicted. */
export function takeFacts({ ids, clusters, weights }: Facts, indices: Int32Array): Facts {
  return {
    ids: ids instanceof Int32Array ? takeIntegers(ids, indices) : takeItems(ids, indices),
    ...(clusters === undefined
      ? {}
      : { clusters: { by: clusters.by, names: takeItems(clusters.names, indices) } }),
    ...(weights === undefined ? {} : { weights: takeFloats(weights, indices) }),
  };
}

export function mixItems<Item>(own: readonly Item[], other: readonly Item[], isOther: Uint8Array): Item[] {
  return own.map((item, index) => (isOther[index] === 1 ? other[index]! : item));
}

export function mixIntegers(own: Int32Array, other: Int32Array, isOther: Uint8Array): Int32Array {
  return own.map((value, index) => (isOther[index] === 1 ? other[index]! : value));
}

/** Rows of two row-major matrices of the same shape. */
export function mixFloats(own: Float64Array, other: Float64Array, isOther: Uint8Array): Float64Array {
  const width = own.length / isOther.length;
  const mixed = own.slice();
  for (let row = 0; row < isOther.length; row++)
    if (isOther[row] === 1) mixed.set(other.subarray(row * width, (row + 1) * width), row * width);
  return mixed;
}
