import type { SampleSums } from '../metric.ts';

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

/** What a row of counts adds to the sums of a metric. */
export function summedRows({ width, rows }: CountRows): Pick<SampleSums, 'width' | 'addTo'> {
  return {
    width,
    addTo: (sums, start, sample) => {
      for (let column = 0; column < width; column++) sums[start + column]! += rows[sample * width + column]!;
    },
  };
}
