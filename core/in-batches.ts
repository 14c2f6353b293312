import type { References, SampleFacts, Samples } from './samples.ts';
import { eachTensor, sliceRows } from './tensor.ts';

/** Samples [start, end) of some; numbers are views, not copies. */
function sliceSamples({ ids, inputs, references, ...facts }: Samples, start: number, end: number): Samples {
  return {
    ids: ids.slice(start, end),
    inputs: eachTensor(inputs, (tensor) => sliceRows(tensor, start, end)),
    references: sliceReferences(references, ids.length, { start, end }),
    ...sliceFacts(facts, start, end),
  };
}

/** All samples in their order, at most `size` at a time. */
export function* inBatches(samples: Samples, size: number): Generator<Samples, void> {
  const { length } = samples.ids;
  if (length <= size) yield samples;
  else for (let at = 0; at < length; at += size) yield sliceSamples(samples, at, Math.min(at + size, length));
}

interface Stretch {
  start: number;
  end: number;
}

/** `rows` is how many samples the references are of. */
function sliceReferences(references: References, rows: number, { start, end }: Stretch): References {
  const cells = <Cells extends Float64Array | Int32Array | Uint8Array>(all: Cells): Cells => {
    const width = all.length / rows;
    return all.subarray(start * width, end * width) as Cells;
  };
  switch (references.kind) {
    case 'values':
      return { ...references, values: cells(references.values) };
    case 'classes':
      return { ...references, indices: cells(references.indices) };
    case 'labels':
      return { ...references, flags: cells(references.flags) };
    case 'gains':
      return {
        ...references,
        queries: references.queries.slice(start, end),
        gains: cells(references.gains),
      };
    case 'tags':
      return {
        ...references,
        indices: cells(references.indices),
        lengths: cells(references.lengths),
        ids: references.ids === null ? null : cells(references.ids),
      };
    case 'tokens': {
      const { floorNegativeLogLikelihood: floors, otherTexts } = references;
      return {
        ...references,
        ids: cells(references.ids),
        lengths: cells(references.lengths),
        promptLengths: cells(references.promptLengths),
        floorNegativeLogLikelihood: floors === null ? null : cells(floors),
        ...(otherTexts === undefined ? {} : { otherTexts: otherTexts.slice(start, end) }),
      };
    }
  }
}

function sliceFacts({ clusters, weights }: SampleFacts, start: number, end: number): SampleFacts {
  return {
    ...(clusters === undefined
      ? {}
      : { clusters: { by: clusters.by, names: clusters.names.slice(start, end) } }),
    ...(weights === undefined ? {} : { weights: weights.subarray(start, end) }),
  };
}
