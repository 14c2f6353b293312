/** One prediction a sample, columnar: index i of every column is sample i. */
export interface RegressionPredictions {
  kind: 'regression';
  ids: readonly string[];
  expected: Float64Array;
  predicted: Float64Array;
}

export interface ClassificationPredictions {
  kind: 'classification';
  ids: readonly string[];
  labels: readonly string[];
  /** Indices into `labels`. */
  expected: Int32Array;
  predicted: Int32Array;
  /** Row-major [samples, labels]; each row sums to 1. */
  probabilities: Float64Array;
}

export interface GenerationPredictions {
  kind: 'generation';
  ids: readonly string[];
  /** Sum over the sample's tokens of -ln p(token | tokens before it). */
  negativeLogLikelihood: Float64Array;
  /** How many tokens that sum is over. */
  tokens: Int32Array;
  /** What a perfect model of the source would reach on the same tokens, in nats; null where it is unknown. */
  floorNegativeLogLikelihood: Float64Array | null;
  /** Greedy continuation of each prompt, and the reference, as text. */
  generated: readonly string[];
  references: readonly string[];
}

export type Predictions = RegressionPredictions | ClassificationPredictions | GenerationPredictions;
export type TaskKind = Predictions['kind'];
export type PredictionsOf<Kind extends TaskKind> = Extract<Predictions, { kind: Kind }>;
