/** Whether a number lies outside [low, high] or is NaN; one plain loop, since it runs over all rows of every metric. */
export function hasOutside(values: Float64Array, low: number, high: number): boolean {
  for (let i = 0; i < values.length; i++) if (!(values[i]! >= low && values[i]! <= high)) return true;
  return false;
}

/** Whether a number lies within [low, high]. */
export function hasInside(values: Float64Array, low: number, high: number): boolean {
  for (let i = 0; i < values.length; i++) if (values[i]! >= low && values[i]! <= high) return true;
  return false;
}

/** Whether an index is not in [0, count). */
export function hasForeignIndex(indices: Int32Array, count: number): boolean {
  for (let i = 0; i < indices.length; i++) if (indices[i]! >>> 0 >= count) return true;
  return false;
}

/** Whether a flag is neither 0 nor 1. */
export function hasOtherFlag(flags: Uint8Array): boolean {
  for (let i = 0; i < flags.length; i++) if (flags[i]! > 1) return true;
  return false;
}
