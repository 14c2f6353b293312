import type { ClassificationPredictions, GenerationPredictions, Predictions } from '../predictions.ts';
import { requireSameSamples } from './same-samples.ts';

/** The samples a variant gets right or wrong where its baseline does not; ids in the order of the samples. */
export interface Flips {
  rightToWrong: readonly string[];
  wrongToRight: readonly string[];
  /** Share of samples with the same prediction as the baseline, 0 to 1. */
  agreement: number;
}

/** Lists what flipped, by class or by generated text; null for regression, which has no right or wrong, and for no samples. */
export function countFlips(baseline: Predictions, variant: Predictions): Flips | null {
  requireSameSamples(baseline, variant);
  const [before, after] = [answersOf(baseline), answersOf(variant)];
  if (before === null || after === null || baseline.ids.length === 0) return null;
  const flipped = (from: Answers, to: Answers): string[] =>
    baseline.ids.filter((_, sample) => from.isRight(sample) && !to.isRight(sample));
  const agreeing = baseline.ids.filter((_, sample) => before.answer(sample) === after.answer(sample));
  return {
    rightToWrong: flipped(before, after),
    wrongToRight: flipped(after, before),
    agreement: agreeing.length / baseline.ids.length,
  };
}

interface Answers {
  answer: (sample: number) => number | string | undefined;
  isRight: (sample: number) => boolean;
}

function answersOf(predictions: Predictions): Answers | null {
  switch (predictions.kind) {
    case 'regression':
      return null;
    case 'classification':
      return classAnswers(predictions);
    case 'generation':
      return textAnswers(predictions);
  }
}

function classAnswers({ expected, predicted }: ClassificationPredictions): Answers {
  return {
    answer: (sample) => predicted[sample],
    isRight: (sample) => predicted[sample] === expected[sample],
  };
}

function textAnswers({ generated, references, otherReferences }: GenerationPredictions): Answers {
  return {
    answer: (sample) => generated[sample],
    isRight: (sample) => {
      const text = generated[sample]!;
      return text === references[sample] || otherReferences?.[sample]?.includes(text) === true;
    },
  };
}
