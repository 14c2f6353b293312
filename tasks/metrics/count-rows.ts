/** Counts of each segment of a corpus. */
export interface CountRows {
  /** Counts a segment. */
  width: number;
  /** Row-major [segments, width]. */
  rows: Float64Array;
}

/** Adds up the rows. */
export function sumOfRows({ width, rows }: CountRows): Float64Array {
  const sums = new Float64Array(width);
  for (let start = 0; start < rows.length; start += width)
    for (let column = 0; column < width; column++) sums[column]! += rows[start + column]!;
  return sums;
}
