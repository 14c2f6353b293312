import type { PredictRequest } from './batches.ts';
import { predictClasses } from './classification.ts';
import { generateTokens } from './generation.ts';
import type { TaskKind } from '../core/task-kind.ts';
import type { Predictions } from './predictions.ts';
import { predictValues } from './regression.ts';

const predictors = {
  regression: predictValues,
  classification: predictClasses,
  generation: generateTokens,
} satisfies Record<TaskKind, (request: PredictRequest) => Promise<Predictions>>;

/** Runs every sample through the model and turns the outputs into one prediction a sample. */
export function predict(kind: TaskKind, request: PredictRequest): Promise<Predictions> {
  return predictors[kind](request);
}
