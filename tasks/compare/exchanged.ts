import type { Predictions } from '../predictions.ts';
import { kindOf } from './kinds/registry.ts';

/** The predictions with the outputs of each sample in place of those of the next one that was decided otherwise. */
export function withAllExchanged<P extends Predictions>(predictions: P): P {
  const { take, mix } = kindOf(predictions);
  const everywhere = new Uint8Array(predictions.ids.length).fill(1);
  return mix(predictions, take(predictions, nextOtherwise(predictions)), everywhere);
}

/** The predictions with the outputs of one sample taken from `others`, which are of the same samples. */
export function withOneFrom<P extends Predictions>(predictions: P, others: P, sample: number): P {
  const isOther = new Uint8Array(predictions.ids.length);
  isOther[sample] = 1;
  return kindOf(predictions).mix(predictions, others, isOther);
}

/** The next sample, in a circle, with another answer; where there is none, or nothing is decided, the next. */
function nextOtherwise(predictions: Predictions): Int32Array {
  const { length } = predictions.ids;
  const answers = kindOf(predictions).answers(predictions);
  const next = Int32Array.from({ length }, (_, sample) => (sample + 1) % length);
  if (answers === null) return next;
  // The second time round, the last samples know what comes after the first.
  for (let step = 2 * length - 1; step >= 0; step--) {
    const sample = step % length;
    const after = (sample + 1) % length;
    if (answers.answer(sample) === answers.answer(after)) next[sample] = next[after]!;
  }
  return next;
}
