import type { Histogram, Range } from './histogram.ts';

/** The symmetric range below whose edge `percent` of all magnitudes lie, from a histogram of magnitudes. */
export function percentileRange({ counts, edges }: Histogram, percent: number): Range {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let cumulative = 0;
  let bin = -1;
  while (bin < counts.length - 1 && cumulative < (total * percent) / 100) cumulative += counts[++bin]!;
  const edge = edges[bin + 1]!;
  return { low: -edge, high: edge };
}
