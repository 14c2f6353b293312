import type { Ids } from './ids.ts';
import type { Tensors } from './tensor.ts';
import type { WordInput } from './word-inputs.ts';

/** What a sample should have come out as, columnar. */
export type References =
  | {
      kind: 'values';
      unit: string;
      /** What each number of a sample is. */
      names: readonly string[];
      /** Row-major [samples, names]. */
      values: Float64Array;
    }
  | {
      kind: 'classes';
      labels: readonly string[];
      /** How the data write each label. */
      values: readonly string[];
      indices: Int32Array;
    }
  | {
      kind: 'labels';
      labels: readonly string[];
      /** How the data write each label. */
      values: readonly string[];
      /** Row-major [samples, labels], 1 where the label applies and else 0. */
      flags: Uint8Array;
    }
  | {
      kind: 'gains';
      /** The query that each row is a candidate of. */
      queries: readonly string[];
      /** How relevant each row is: finite, from 0, which is not at all. */
      gains: Float64Array;
    }
  | {
      kind: 'tags';
      tags: readonly string[];
      /** Row-major [samples, length], indices into `tags`; -1 where a word has none and in padding. */
      indices: Int32Array;
      /** Words a row without its padding. */
      lengths: Int32Array;
      /** Row-major [samples, length], padded with 0; null where words do not come as tokens. */
      ids: Int32Array | null;
    }
  | {
      kind: 'tokens';
      /** Text of each token id. */
      vocabulary: readonly string[];
      /** What stands between the words of a text. */
      join: string;
      /** The token that ends a text and is no part of it; null where there is none. */
      end: number | null;
      /** The inputs that tell of the words of a row, and so change as it is continued, by name. */
      words: Readonly<Record<string, WordInput>>;
      /** Row-major [samples, length]; rows end in padding. */
      ids: Int32Array;
      /** Tokens a row without its padding. */
      lengths: Int32Array;
      /** How many of them are the prompt; the rest is what should be generated. */
      promptLengths: Int32Array;
      /** -ln p of each row under its true source, in nats, where the source is known. */
      floorNegativeLogLikelihood: Float64Array | null;
      /** Further texts that are as good a continuation of each row; absent where there are none. */
      otherTexts?: readonly (readonly string[])[];
    };

/** Samples that belong together, such as those of one patient, and so say less than as many that do not. */
export interface Clusters {
  /** What they share, as the column of the data is called. */
  by: string;
  /** The cluster of each sample. */
  names: readonly string[];
}

/** What is known of samples beside their inputs and references. */
export interface SampleFacts {
  /** Absent where samples are independent. */
  clusters?: Clusters;
  /** How much each counts in a metric: finite, from 0. Absent where all count alike. */
  weights?: Float64Array;
}

/** Rows of one split. Row i of every input tensor and of the references is sample `ids[i]`. */
export interface Samples extends SampleFacts {
  ids: Ids;
  inputs: Tensors;
  references: References;
}

/** Samples of one split, read as they are used: only those of a batch are in memory. */
export interface SampleStream {
  count: number;
  /** All samples in their order, `size` at a time, the last batch short; from the first one at every call. */
  batches: (size: number) => AsyncIterable<Samples> | Iterable<Samples>;
}

/** The first `size` samples, or as many as there are; throws where there are none. */
export async function firstBatch(stream: SampleStream, size: number): Promise<Samples> {
  for await (const batch of stream.batches(size)) return batch;
  throw new Error('internal: no samples');
}
