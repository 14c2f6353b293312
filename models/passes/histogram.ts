/** Lowest and highest value, both float32. */
export interface Range {
  low: number;
  high: number;
}

/** Counts of values in bins of equal width. */
export interface Histogram {
  counts: Float64Array;
  /** One more than bins, ascending, float32: bin i holds [edges[i], edges[i + 1]), the last one its upper edge too. */
  edges: Float32Array;
}

/** An empty histogram over a range, with the edges of numpy's `histogram` for float32 values. */
export function createHistogram({ low, high }: Range, bins: number): Histogram {
  const edges = new Float32Array(bins + 1);
  const step = Math.fround(Math.fround(high - low) / bins);
  for (let bin = 0; bin < bins; bin++) edges[bin] = Math.fround(Math.fround(bin * step) + low);
  edges[bins] = high;
  return { counts: new Float64Array(bins), edges };
}

/** Counts values into a histogram; those outside are left out. */
export function addToHistogram({ counts, edges }: Histogram, values: Float32Array): void {
  const bins = counts.length;
  const [first, last] = [edges[0]!, edges[bins]!];
  const scale = last > first ? bins / (last - first) : 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!(value >= first && value <= last)) continue;
    let bin = Math.min(bins - 1, Math.floor((value - first) * scale));
    // The edges decide, not the division: they are rounded to float32.
    while (bin > 0 && value < edges[bin]!) bin--;
    while (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
    counts[bin] = counts[bin]! + 1;
  }
}
