import { AssayError } from '../core/errors.ts';
import type { Ids } from '../core/ids.ts';
import { namedRows } from './metrics/named-samples.ts';
import type { Predictions } from './predictions.ts';
import type { TaskOptions } from './task-options.ts';

/** Scores of samples, row-major [samples, columns]. */
interface ScoreTable {
  ids: Ids;
  columns: number;
  values: Float64Array;
}

/** Throws where a model put out scores that are not finite, or probabilities outside 0 to 1. */
export function checkScores(predictions: Predictions, task: TaskOptions): void {
  const table = tableOf(predictions);
  if (table === null) return;
  const beyond = describeBeyond(table, finite, { noun: 'score', accepted: 'finite numbers are accepted' });
  if (beyond !== null) throw new Error(beyond);
  if ('scores' in task && task.scores === 'probabilities') checkProbabilities(table);
}

/** How far rounding may leave a probability outside 0 to 1: a float32 sum of the votes of 10 trees is 1 + 1.2e-7. */
export const probabilityRounding = 1e-5;

/** Throws `scores-invalid` for probabilities outside 0 to 1. */
export function checkProbabilities(table: ScoreTable): void {
  const beyond = describeBeyond(table, probable, {
    noun: 'probability',
    accepted: '0 to 1 is accepted, or set "scores": "logits" in the suite\'s task',
  });
  if (beyond !== null) throw new AssayError('scores-invalid', beyond);
}

/** Whether a number lies from 0 to 1, but for rounding. */
export function isProbability(value: number): boolean {
  return isWithin(value, probable);
}

interface Range {
  low: number;
  high: number;
}

const finite: Range = { low: -Number.MAX_VALUE, high: Number.MAX_VALUE };
const probable: Range = { low: -probabilityRounding, high: 1 + probabilityRounding };

function isWithin(value: number, { low, high }: Range): boolean {
  return value >= low && value <= high;
}

function tableOf(predictions: Predictions): ScoreTable | null {
  if (predictions.kind === 'multilabel') {
    const { ids, labels, scores } = predictions;
    return { ids, columns: labels.length, values: scores };
  }
  if (predictions.kind !== 'classification' || predictions.probabilities === null) return null;
  const { ids, labels, probabilities } = predictions;
  return { ids, columns: labels.length, values: probabilities };
}

/** Null where none is. */
function describeBeyond(
  { ids, columns, values }: ScoreTable,
  range: Range,
  { noun, accepted }: { noun: string; accepted: string },
): string | null {
  let first = 0;
  while (first < values.length && isWithin(values[first] as number, range)) first++;
  if (first === values.length) return null;
  const named = namedRows({ ids, columns }, (cell) => !isWithin(values[cell] ?? NaN, range));
  return `the model gives a ${noun} of ${values[first]}; ${accepted}; not so for ${named ?? ''}`;
}
