import type { TaskKind } from '../../../core/task-kind.ts';
import type { Figure } from '../../../tasks/metric.ts';
import { metricById } from '../../../tasks/metrics/registry.ts';
import type {
  ClassificationPredictions,
  GenerationPredictions,
  MultilabelPredictions,
  RankingPredictions,
  RegressionPredictions,
  Predictions,
  TaggingPredictions,
} from '../../../tasks/predictions.ts';

const ids = ['a', 'b', 'c', 'd', 'e'];

export const regression: RegressionPredictions = {
  kind: 'regression',
  ids,
  expected: Float64Array.of(1, 2, 3, 4, 5),
  predicted: Float64Array.of(1, 2, 3, 4, 6),
};

export const classification: ClassificationPredictions = {
  kind: 'classification',
  ids,
  labels: ['no', 'yes'],
  expected: Int32Array.of(0, 1, 0, 1, 1),
  predicted: Int32Array.of(0, 1, 0, 1, 0),
  probabilities: Float64Array.of(0.9, 0.1, 0.2, 0.8, 0.7, 0.3, 0.4, 0.6, 0.6, 0.4),
};

export const generation: GenerationPredictions = {
  kind: 'generation',
  ids: ['a', 'b'],
  negativeLogLikelihood: Float64Array.of(3, 4),
  tokens: Int32Array.of(2, 2),
  utf8Bytes: Int32Array.of(7, 9),
  floorNegativeLogLikelihood: null,
  generated: ['the cat sat on the mat', 'a dog'],
  references: ['the cat sat on a mat', 'the dog'],
};

export const multilabel: MultilabelPredictions = {
  kind: 'multilabel',
  ids: ['a', 'b'],
  labels: ['x', 'y'],
  expected: Uint8Array.of(1, 0, 0, 1),
  predicted: Uint8Array.of(1, 0, 1, 1),
  scores: Float64Array.of(2, 1, 1, 2),
};

export const ranking: RankingPredictions = {
  kind: 'ranking',
  ids: ['a', 'b'],
  offsets: Int32Array.of(0, 2, 4),
  scores: Float64Array.of(1, 2, 3, 4),
  gains: Float64Array.of(0, 1, 1, 0),
};

export const tagging: TaggingPredictions = {
  kind: 'tagging',
  ids: ['a', 'b'],
  expected: [['B-X', 'I-X'], ['O']],
  predicted: [['B-X', 'O'], ['O']],
};

/** Enough samples of both labels for any figure. */
export const manyClasses = {
  ...classification,
  ids: Array.from({ length: 40 }, (_, sample) => `s${sample}`),
  expected: Int32Array.from({ length: 40 }, (_, sample) => sample % 2),
  predicted: Int32Array.from({ length: 40 }, (_, sample) => (sample === 7 ? 0 : sample % 2)),
  probabilities: Float64Array.from({ length: 80 }, (_, cell) => ((cell >> 1) % 2 === cell % 2 ? 0.8 : 0.2)),
  weights: new Float64Array(40).fill(1),
};

/** Four samples of each label and as many without it. */
export const manySets: MultilabelPredictions = {
  kind: 'multilabel',
  ids: Array.from({ length: 8 }, (_, sample) => `s${sample}`),
  labels: ['x', 'y'],
  expected: Uint8Array.from({ length: 16 }, (_, cell) => ((cell >> 1) % 2) ^ (cell % 2)),
  predicted: Uint8Array.from({ length: 16 }, (_, cell) => ((cell >> 1) % 2) ^ (cell % 2)),
  scores: Float64Array.from({ length: 16 }, (_, cell) => Math.sin(cell)),
};

/** What is wrong, the metric, the predictions and what is said of them. */
interface Case<Saying> {
  what: string;
  id: string;
  given: Predictions;
  saying: Saying;
}

export function cases<Saying>(
  rows: [what: string, id: string, given: Predictions, saying: Saying][],
): Case<Saying>[] {
  return rows.map(([what, id, given, saying]) => ({ what, id, given, saying }));
}

export function figure(id: string, given: Predictions): Figure {
  return metricById<TaskKind>(id, given.kind).compute(given);
}
