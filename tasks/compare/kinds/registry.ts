import type { TaskKind } from '../../../core/task-kind.ts';
import type { Predictions, PredictionsOf } from '../../predictions.ts';
import { classificationKind } from './classification.ts';
import { generationKind } from './generation.ts';
import type { ComparedKind } from './kind.ts';
import { multilabelKind } from './multilabel.ts';
import { rankingKind } from './ranking.ts';
import { regressionKind } from './regression.ts';
import { taggingKind } from './tagging.ts';

const kinds: { readonly [Kind in TaskKind]: ComparedKind<PredictionsOf<Kind>> } = {
  regression: regressionKind,
  classification: classificationKind,
  multilabel: multilabelKind,
  ranking: rankingKind,
  tagging: taggingKind,
  generation: generationKind,
};

/** What comparing predictions like these takes; all it is given must be of their kind. */
export function kindOf<P extends Predictions>({ kind }: P): ComparedKind<P> {
  return kinds[kind] as unknown as ComparedKind<P>;
}
