import type { NoDistance } from '../distance.ts';
import type { OutputDistance } from '../output-distance.ts';

/** A column of what a model put out. */
export type Column = Float64Array | Int32Array | Uint8Array | readonly string[];

/** What was decided of each sample, and whether that is right. */
export interface Answers {
  answer: (sample: number) => number | string;
  isRight: (sample: number) => boolean;
}

/** How a metric that reads decisions alone is computed from how many samples there are of each sort. */
export interface Counting<P> {
  /** What such a metric cannot tell apart is of one sort, in all predictions of the same labels. */
  sorts: (predictions: P) => Int32Array | readonly string[];
  /** The predictions with each sample counting so many times. */
  weigh: (predictions: P, counts: Float64Array) => P;
}

/** What comparing predictions of one kind takes. */
export interface ComparedKind<P> {
  /** The predictions of the samples at `indices`, in that order; an index may come more than once. */
  take: (from: P, indices: Int32Array) => P;
  /** The predictions with the outputs of `other` for each sample marked 1; what was expected stays. */
  mix: (own: P, other: P, isOther: Uint8Array) => P;
  /** All that the model put out. */
  outputs: (predictions: P) => readonly Column[];
  /** Null where there is no right or wrong. */
  answers: (predictions: P) => Answers | null;
  /** Names the samples whose outputs are not all finite; null where there are none. */
  wildSamples: (predictions: P) => string | null;
  /** Of finite outputs of at least a sample; intervals have this level. */
  distance: (baseline: P, variant: P, level: number) => OutputDistance | NoDistance;
  /** The class expected of each sample; null where samples have none. */
  classes: (predictions: P) => string[] | null;
  /** The samples as rows of several at once; absent where metrics of decisions take no weights. */
  counting?: Counting<P>;
}
