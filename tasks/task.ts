import type { TaskKind } from '../core/task-kind.ts';
import type { PredictRequest } from './batches.ts';
import { predictClasses } from './classification.ts';
import { generateTokens } from './generation.ts';
import { predictLabelSets } from './multilabel.ts';
import { rankCandidates } from './ranking.ts';
import type { Predictions, PredictionsOf } from './predictions.ts';
import { predictValues } from './regression.ts';
import { tagTokens } from './tagging.ts';

const predictors: {
  readonly [Kind in TaskKind]: (request: PredictRequest<Kind>) => Promise<PredictionsOf<Kind>>;
} = {
  regression: predictValues,
  classification: predictClasses,
  multilabel: predictLabelSets,
  ranking: rankCandidates,
  tagging: tagTokens,
  generation: generateTokens,
};

/** Runs every sample through the model and turns the outputs into one prediction a sample. */
export function predict(request: PredictRequest): Promise<Predictions> {
  return predictors[request.task.kind](request as never);
}
