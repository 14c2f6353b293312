import { answerClassification } from './answers/classification.ts';
import { answerLikelihood } from './answers/likelihood.ts';
import { answerMultilabel } from './answers/multilabel.ts';
import { answerRanking } from './answers/ranking.ts';
import { answerRegression } from './answers/regression.ts';
import { answerTagging } from './answers/tagging.ts';
import { answerTexts } from './answers/texts.ts';
import type { Answerer } from './oracle-case.ts';

/** What answers each family of cases; a family is a Python module here of the same name. */
export const families = {
  regression: answerRegression,
  classes: answerClassification,
  probabilities: answerClassification,
  multilabel: answerMultilabel,
  ranking: answerRanking,
  texts: answerTexts,
  likelihood: answerLikelihood,
  tagging: answerTagging,
} satisfies Record<string, Answerer<never>>;

export type Family = keyof typeof families;
