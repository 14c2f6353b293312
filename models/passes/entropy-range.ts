import type { Histogram, Range } from './histogram.ts';

/** How many steps there are from nothing to the whole range. */
const steps = 256;
/**
 * The largest share of values that may be cut. Many of one size, as a channel that never changes makes, look to the divergence like a
 * shape that is worth any number of the others.
 */
const mostCut = 1e-4;

/**
 * The part of a histogram's range, reaching equally far from zero where it does not end before, that loses the least information when
 * `levels` levels stand for its bins: the lowest Kullback-Leibler divergence of the clipped from the merged distribution (Migacz, 8-bit
 * inference with TensorRT, 2017). Unlike there, bins that the levels do not divide evenly are shared out among them, and of a
 * divergence the part is taken off that chance alone would make of so few values. Needs more bins than levels to choose from.
 */
export function entropyRange({ counts, edges }: Histogram, levels: number): Range {
  const total = sum(counts, 0, counts.length);
  const zero = edges.findLastIndex((edge) => edge <= 0);
  const furthest = Math.max(zero, counts.length - zero);
  let best = { divergence: Infinity, start: 0, end: counts.length };
  for (let step = steps; step > 0; step--) {
    const reach = Math.round((furthest * step) / steps);
    const [start, end] = [Math.max(0, zero - reach), Math.min(counts.length, zero + reach)];
    if (end - start < levels || sum(counts, start, end) <= total * (1 - mostCut)) break;
    const divergence = divergenceOf(counts, { start, end, levels, total });
    if (divergence < best.divergence) best = { divergence, start, end };
  }
  return { low: edges[best.start]!, high: edges[best.end]! };
}

interface Slice {
  start: number;
  end: number;
  levels: number;
  /** Of all values, those outside included. */
  total: number;
}

/** In nats. */
function divergenceOf(counts: Float64Array, { start, end, levels, total }: Slice): number {
  const inside = counts.subarray(start, end);
  const clipped = clippedCounts(counts, start, end);
  const insideTotal = sum(inside, 0, inside.length);
  let [divergence, merged] = [0, 0];
  for (let level = 0; level < levels; level++) {
    const [first, next] = [level, level + 1].map((at) => Math.floor((at * inside.length) / levels)) as [
      number,
      number,
    ];
    const filled = countFilled(clipped, first, next);
    if (filled === 0) continue;
    // Each level spreads its values evenly over its bins that are not empty; one that only holds clipped ones counts as one value.
    const share = Math.max(1, sum(inside, first, next)) / filled / insideTotal;
    divergence += divergenceFrom(clipped.subarray(first, next), { share, total });
    merged += filled - 1;
  }
  // What merging bins is expected to cost though the distribution were flat in each level (Miller 1955).
  return divergence - merged / (2 * total);
}

/** What lies outside is counted in the outermost bins. */
function clippedCounts(counts: Float64Array, start: number, end: number): Float64Array {
  const clipped = counts.slice(start, end);
  const last = clipped.length - 1;
  clipped[0] = clipped[0]! + sum(counts, 0, start);
  clipped[last] = clipped[last]! + sum(counts, end, counts.length);
  return clipped;
}

function divergenceFrom(bins: Float64Array, { share, total }: { share: number; total: number }): number {
  let divergence = 0;
  for (const count of bins) if (count > 0) divergence += (count / total) * Math.log(count / total / share);
  return divergence;
}

function sum(values: Float64Array, start: number, end: number): number {
  let total = 0;
  for (let index = start; index < end; index++) total += values[index]!;
  return total;
}

function countFilled(counts: Float64Array, start: number, end: number): number {
  let filled = 0;
  for (let bin = start; bin < end; bin++) if (counts[bin] !== 0) filled++;
  return filled;
}
