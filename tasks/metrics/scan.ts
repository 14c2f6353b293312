import { kernelsFor } from '../kernels/kernels.ts';
import { addressOf } from '../kernels/workspace.ts';
import { someBlock } from './blocks.ts';

/** Whether a number lies outside [low, high] or is NaN. */
export function hasOutside(values: Float64Array, low: number, high: number): boolean {
  return someRange('hasOutside', values, [low, high]);
}

/** Whether a number lies within [low, high]. */
export function hasInside(values: Float64Array, low: number, high: number): boolean {
  return someRange('hasInside', values, [low, high]);
}

function someRange(
  kernel: 'hasInside' | 'hasOutside',
  values: Float64Array,
  [low, high]: readonly [number, number],
): boolean {
  const kernels = kernelsFor(values);
  const address = addressOf(kernels, values);
  return someBlock(
    values.length,
    (start, end) => kernels.compiled[kernel](address(start, end), end - start, low, high) !== 0,
  );
}

/** Whether an index is not in [0, count). */
export function hasForeignIndex(indices: Int32Array, count: number): boolean {
  const kernels = kernelsFor(indices);
  const address = addressOf(kernels, indices);
  return someBlock(
    indices.length,
    (start, end) => kernels.compiled.hasForeignIndex(address(start, end), end - start, count) !== 0,
  );
}

/** Whether a flag is neither 0 nor 1. */
export function hasOtherFlag(flags: Uint8Array): boolean {
  return someBlock(flags.length, (start, end) => {
    let bits = 0;
    for (let i = start; i < end; i++) bits |= flags[i]!;
    return bits > 1;
  });
}
