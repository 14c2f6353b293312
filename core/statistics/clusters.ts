/** Which cluster each sample is in: `of[i]` counts from 0 and is below `count`. */
export interface Clustering {
  of: Int32Array;
  count: number;
}

/** Numbers clusters by their names, one a sample, in the order they come up. */
export function clusteringOf(names: readonly string[]): Clustering {
  const numberOf = new Map<string, number>();
  const of = Int32Array.from(names, (name) => {
    const number = numberOf.get(name) ?? numberOf.size;
    numberOf.set(name, number);
    return number;
  });
  return { of, count: numberOf.size };
}

/** Sum of the values of each cluster. */
export function clusterTotals(values: Float64Array, { of, count }: Clustering): Float64Array {
  const totals = new Float64Array(count);
  for (let sample = 0; sample < of.length; sample++) totals[of[sample]!]! += values[sample]!;
  return totals;
}

/** The samples of each cluster. */
export function clusterMembers({ of, count }: Clustering): Int32Array[] {
  const sizes = new Int32Array(count);
  for (const cluster of of) sizes[cluster]!++;
  const members = Array.from(sizes, (size) => new Int32Array(size));
  for (let sample = of.length - 1; sample >= 0; sample--) {
    const cluster = of[sample]!;
    members[cluster]![--sizes[cluster]!] = sample;
  }
  return members;
}
