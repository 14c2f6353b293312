import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { elementCount } from '../../core/tensor.ts';
import type { References, Samples } from '../../core/samples.ts';
import type { Labelled } from './operations.ts';

/** Numbers of an input, `width` a row. */
export interface Rows {
  width: number;
  data: Float32Array;
}

/** A float32 input of samples, row by row. */
export function floatInput(samples: Samples, name: string): Rows {
  const found = samples.inputs[name];
  if (found?.type !== 'float32') throw new Error(`internal: no float32 input ${name}`);
  return { width: elementCount(found.shape.slice(1)), data: found.data };
}

/** Copies the rows of these numbers, in this order. */
export function pickRows({ width, data }: Rows, rows: readonly number[]): Float32Array {
  const picked = new Float32Array(rows.length * width);
  for (const [place, row] of rows.entries()) {
    picked.set(data.subarray(row * width, (row + 1) * width), place * width);
  }
  return picked;
}

/** What samples of a regression should come out as. */
export function values(samples: Samples): Float64Array {
  return referencesOf(samples, 'values').values;
}

/** Classes of these rows, weighted alike. */
export function labelledRows(samples: Samples, rows: readonly number[]): Labelled {
  const { indices } = referencesOf(samples, 'classes');
  return {
    labels: tensor1d(
      rows.map((row) => indices[row] ?? 0),
      'int32',
    ),
    weights: tensor2d(new Float32Array(rows.length).fill(1 / rows.length), [rows.length, 1]),
  };
}

/** The references of samples, which must be of a kind. */
export function referencesOf<Kind extends References['kind']>(
  { references }: Samples,
  kind: Kind,
): Extract<References, { kind: Kind }> {
  if (references.kind === kind) return references as Extract<References, { kind: Kind }>;
  throw new Error(`internal: expected ${kind}, found ${references.kind}`);
}
