import type { Ids } from '../core/ids.ts';
import type { SampleFacts } from '../core/samples.ts';
import type { TaskKind } from '../core/task-kind.ts';
import type { NextTokens } from './next-tokens.ts';

/** One predicted vector a sample, columnar: index i of every column is sample i. */
export interface RegressionPredictions extends SampleFacts {
  kind: 'regression';
  ids: Ids;
  /** Numbers a sample; absent means 1. */
  outputs?: number;
  /** Of expected and predicted values, e.g. `mpg`; absent where they have none or not all the same. */
  unit?: string;
  /** What each of them is; absent where that is unknown. */
  names?: readonly string[];
  /** Row-major [samples, outputs]. */
  expected: Float64Array;
  predicted: Float64Array;
}

export interface ClassificationPredictions extends SampleFacts {
  kind: 'classification';
  ids: Ids;
  labels: readonly string[];
  /** Indices into `labels`. */
  expected: Int32Array;
  predicted: Int32Array;
  /**
   * Row-major [samples, labels]; each row sums to 1, unless the model puts out others. Null of a model that puts out labels
   * alone.
   */
  probabilities: Float64Array | null;
}

export interface GenerationPredictions extends Pick<SampleFacts, 'clusters'> {
  kind: 'generation';
  ids: Ids;
  /** Sum over the sample's tokens of -ln p(token | tokens before it). */
  negativeLogLikelihood: Float64Array;
  /** How many tokens that sum is over. */
  tokens: Int32Array;
  /** UTF-8 bytes of the text that those tokens spell; absent where it is unknown. */
  utf8Bytes?: Int32Array;
  /** What a perfect model of the source would reach on the same tokens, in nats; null where it is unknown. */
  floorNegativeLogLikelihood: Float64Array | null;
  /** Greedy continuation of each prompt, and the reference, as text. */
  generated: readonly string[];
  references: readonly string[];
  /** Further accepted references of each sample; absent means there are none. */
  otherReferences?: readonly (readonly string[])[];
  /** What the model expects after some of the tokens; absent in files from before it was kept, and of samples taken out. */
  nextTokens?: NextTokens;
}

/** Any number of labels a sample. */
export interface MultilabelPredictions extends SampleFacts {
  kind: 'multilabel';
  ids: Ids;
  labels: readonly string[];
  /** Row-major [samples, labels], 1 where the label applies and else 0. */
  expected: Uint8Array;
  predicted: Uint8Array;
  /** Row-major [samples, labels]; any finite score, higher is likelier. */
  scores: Float64Array;
}

/** A list of candidates a sample, each with a score and a gain. */
export interface RankingPredictions extends Pick<SampleFacts, 'clusters'> {
  kind: 'ranking';
  ids: Ids;
  /** Candidates of sample i are [offsets[i], offsets[i + 1]); one longer than `ids`. */
  offsets: Int32Array;
  /** Score of each candidate; higher ranks first. */
  scores: Float64Array;
  /** How relevant each candidate is; 0 is not at all. */
  gains: Float64Array;
}

/** A tag a token, e.g. `B-PER`. */
export interface TaggingPredictions extends Pick<SampleFacts, 'clusters'> {
  kind: 'tagging';
  ids: Ids;
  expected: readonly (readonly string[])[];
  predicted: readonly (readonly string[])[];
}

/** What a task of a suite makes of a model's outputs. */
export type Predictions =
  | RegressionPredictions
  | ClassificationPredictions
  | MultilabelPredictions
  | RankingPredictions
  | TaggingPredictions
  | GenerationPredictions;

export type PredictionsOf<Kind extends TaskKind> = Extract<Predictions, { kind: Kind }>;
