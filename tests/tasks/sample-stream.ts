import type { Samples, SampleStream } from '../../core/samples.ts';
import { sliceRows } from '../../core/tensor.ts';

/** Samples that are in memory, batch by batch. */
export function streamOf(samples: Samples): SampleStream {
  const count = samples.ids.length;
  return {
    count,
    batches: async function* (size) {
      for (let start = 0; start < count; start += size) {
        yield await Promise.resolve(rowsOf(samples, start, Math.min(start + size, count)));
      }
    },
  };
}

function rowsOf(
  { ids, inputs, references, clusters, weights }: Samples,
  start: number,
  end: number,
): Samples {
  const rows = Object.entries(inputs).map(([name, tensor]) => [name, sliceRows(tensor, start, end)] as const);
  return {
    ids: ids.slice(start, end),
    inputs: Object.fromEntries(rows),
    references: sliceReferences(references, start, end),
    ...(clusters === undefined
      ? {}
      : { clusters: { by: clusters.by, names: clusters.names.slice(start, end) } }),
    ...(weights === undefined ? {} : { weights: weights.subarray(start, end) }),
  };
}

function sliceReferences(
  references: Samples['references'],
  start: number,
  end: number,
): Samples['references'] {
  switch (references.kind) {
    case 'values':
      return { ...references, values: rowsIn(references.values, [start, end], references.names.length) };
    case 'classes':
      return { ...references, indices: references.indices.subarray(start, end) };
    case 'labels': {
      const width = references.labels.length;
      return { ...references, flags: references.flags.subarray(start * width, end * width) };
    }
    case 'gains':
      return {
        ...references,
        queries: references.queries.slice(start, end),
        gains: references.gains.subarray(start, end),
      };
    case 'tags': {
      const width = references.indices.length / references.lengths.length;
      return {
        ...references,
        indices: references.indices.subarray(start * width, end * width),
        lengths: references.lengths.subarray(start, end),
        ids: references.ids?.subarray(start * width, end * width) ?? null,
      };
    }
    case 'tokens': {
      const width = references.ids.length / references.lengths.length;
      return {
        ...references,
        ids: references.ids.subarray(start * width, end * width),
        lengths: references.lengths.subarray(start, end),
        promptLengths: references.promptLengths.subarray(start, end),
        floorNegativeLogLikelihood: references.floorNegativeLogLikelihood?.subarray(start, end) ?? null,
        ...(references.otherTexts === undefined
          ? {}
          : { otherTexts: references.otherTexts.slice(start, end) }),
      };
    }
  }
}

function rowsIn(matrix: Float64Array, [start, end]: readonly [number, number], width: number): Float64Array {
  return matrix.subarray(start * width, end * width);
}
