import type { Predictions } from '../predictions.ts';
import type { Answers } from './kinds/kind.ts';
import { kindOf } from './kinds/registry.ts';
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
  const { answers } = kindOf(baseline);
  const [before, after] = [answers(baseline), answers(variant)];
  if (before === null || after === null || baseline.ids.length === 0) return null;
  const { length } = baseline.ids;
  const samplesWhere = (holds: (sample: number) => boolean): number[] =>
    Array.from({ length }, (_, sample) => sample).filter(holds);
  const flipped = (from: Answers, to: Answers): string[] =>
    samplesWhere((sample) => from.isRight(sample) && !to.isRight(sample)).map((sample) =>
      String(baseline.ids[sample]),
    );
  const agreeing = samplesWhere((sample) => before.answer(sample) === after.answer(sample));
  return {
    rightToWrong: flipped(before, after),
    wrongToRight: flipped(after, before),
    agreement: agreeing.length / length,
  };
}
