import type { ScoredQuestion } from '../../core/statistics/delong.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import { probabilitiesOf } from './classification-faults.ts';

/** The questions whose weighted mean area under the ROC curve a metric is; null where samples weigh differently. */
type AreaQuestions = (predictions: ClassificationPredictions) => ScoredQuestion[] | null;

/** Of two labels one question: is it the last? Beyond that each against the rest, averaged as scikit-learn's `average` has it. */
export function againstRestQuestions(average: 'macro' | 'weighted' | 'micro'): AreaQuestions {
  return unweighted((predictions) =>
    predictions.labels.length === 2 ? [lastLabel(predictions)] : againstRest[average](predictions),
  );
}

/** Each label against each other, all pairs alike or weighing as many samples as they have. */
export function pairQuestions(average: 'macro' | 'weighted'): AreaQuestions {
  return unweighted((predictions) =>
    average === 'weighted' ? allPairs(predictions) : alike(allPairs(predictions)),
  );
}

type Asking = (predictions: ClassificationPredictions) => ScoredQuestion[];

function unweighted(asking: Asking): AreaQuestions {
  return (predictions) => ('weights' in predictions ? null : asking(predictions));
}

const againstRest = {
  macro: (predictions) => alike(labelQuestions(predictions)),
  weighted: (predictions) => labelQuestions(predictions).filter(({ weight }) => weight > 0),
  micro: (predictions) => [allCells(predictions)],
} satisfies Record<string, Asking>;

function alike(questions: readonly ScoredQuestion[]): ScoredQuestion[] {
  return questions.map((question) => ({ ...question, weight: 1 }));
}

/** Each label against the rest, weighing as many samples as it has. */
function labelQuestions(predictions: ClassificationPredictions): ScoredQuestion[] {
  const { labels, expected } = predictions;
  const probabilities = probabilitiesOf(predictions);
  const samples = Uint32Array.from(expected.keys());
  return labels.map((_, label) => ({
    isPositive: Uint8Array.from(expected, (index) => (index === label ? 1 : 0)),
    scores: Float64Array.from(samples, (sample) => probabilities[sample * labels.length + label]!),
    samples,
    weight: countOf(expected, label),
  }));
}

function lastLabel(predictions: ClassificationPredictions): ScoredQuestion {
  return { ...labelQuestions(predictions)[1]!, weight: 1 };
}

/** Every cell of the probabilities as a row of its own: is this the label of this sample? */
function allCells(predictions: ClassificationPredictions): ScoredQuestion {
  const { labels, expected } = predictions;
  const probabilities = probabilitiesOf(predictions);
  const samples = Uint32Array.from(probabilities, (_, cell) => Math.floor(cell / labels.length));
  const isPositive = Uint8Array.from(samples, (sample, cell) =>
    expected[sample] === cell % labels.length ? 1 : 0,
  );
  return { isPositive, scores: probabilities, samples, weight: 1 };
}

/** Each label against each other among the samples of the two, weighing as many samples as these. */
function allPairs(predictions: ClassificationPredictions): ScoredQuestion[] {
  const { labels, expected } = predictions;
  const probabilities = probabilitiesOf(predictions);
  const present = [...labels.keys()].filter((label) => countOf(expected, label) > 0);
  const pairs = present.flatMap((positive) =>
    present.filter((other) => other !== positive).map((other) => [positive, other] as const),
  );
  return pairs.map(([positive, other]) => {
    const samples = Uint32Array.from(expected.keys()).filter(
      (sample) => expected[sample] === positive || expected[sample] === other,
    );
    return {
      isPositive: Uint8Array.from(samples, (sample) => (expected[sample] === positive ? 1 : 0)),
      scores: Float64Array.from(samples, (sample) => probabilities[sample * labels.length + positive]!),
      samples,
      weight: samples.length,
    };
  });
}

function countOf(expected: Int32Array, label: number): number {
  return expected.filter((index) => index === label).length;
}
