import type { Ids } from '../core/ids.ts';
import { isProbability } from './check-scores.ts';
import type { ClassOrder } from './class-order.ts';
import { floatForm, isMatrix, type FloatTensor, type OutputForm } from './outputs.ts';
import type { OptionsOf } from './task-options.ts';

/** A number a class, or, of two classes, one for the last of them. */
export function scoreForm(rows: number, { columns }: ClassOrder): OutputForm<FloatTensor> {
  const single = columns.length === 2 ? ' or [batch]' : '';
  return floatForm(
    `[batch, ${columns.length}]${single}`,
    rows,
    (shape) => isMatrix(shape, rows, columns.length) || (columns.length === 2 && isMatrix(shape, rows, 1)),
  );
}

/** How scores are read. */
export interface ScoreReading {
  /** The sample of each row. */
  ids: Ids;
  order: ClassOrder;
  scores: OptionsOf<'classification'>['scores'];
}

/**
 * Fills in probabilities of the labels, row-major [samples, labels]: those of the model as they are, or the softmax of its logits.
 * What is neither is left as the model gave it, for `checkScores`.
 */
export function readProbabilities(
  { data }: FloatTensor,
  { ids, order, scores }: ScoreReading,
  probabilities: Float64Array,
): void {
  const width = order.columns.length;
  const inOrder = order.labels.length === width && order.columns.every((label, column) => label === column);
  const rows = inOrder ? probabilities : new Float64Array(ids.length * width);
  if (data.length < rows.length) setBoth(data, scores, rows);
  else rows.set(data);
  if (scores === 'probabilities') removeRounding(rows);
  else for (let start = 0; start < rows.length; start += width) weigh(rows, start, start + width);
  if (!inOrder) setByLabel(rows, order, probabilities);
}

/** The scores of two classes from those of the second. */
function setBoth(seconds: FloatTensor['data'], scores: ScoreReading['scores'], rows: Float64Array): void {
  for (let row = 0; row < seconds.length; row++) {
    const second = seconds[row] ?? NaN;
    rows[2 * row] = scores === 'logits' ? 0 : isProbability(second) ? 1 - second : second;
    rows[2 * row + 1] = second;
  }
}

/** What rounding put outside 0 to 1 is 0 or 1. */
function removeRounding(values: Float64Array): void {
  for (let cell = 0; cell < values.length; cell++) {
    const value = values[cell] as number;
    // 0 is put there for -0, too.
    if (value <= 0 && isProbability(value)) values[cell] = 0;
    else if (value > 1 && isProbability(value)) values[cell] = 1;
  }
}

/** Softmax of a row; one without, of which a logit is NaN or Infinity or all are -Infinity, stays as it is. */
function weigh(values: Float64Array, start: number, end: number): void {
  let highest = -Infinity;
  for (let cell = start; cell < end; cell++) highest = Math.max(highest, values[cell] ?? NaN);
  if (!Number.isFinite(highest)) return;
  let sum = 0;
  for (let cell = start; cell < end; cell++) {
    const share = Math.exp((values[cell] ?? NaN) - highest);
    values[cell] = share;
    sum += share;
  }
  for (let cell = start; cell < end; cell++) values[cell] = (values[cell] ?? NaN) / sum;
}

/** Columns in the order of the labels; one that the model does not have stays 0. */
function setByLabel(rows: Float64Array, { columns, labels }: ClassOrder, probabilities: Float64Array): void {
  const count = rows.length / columns.length;
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < columns.length; column++)
      probabilities[row * labels.length + (columns[column] ?? 0)] =
        rows[row * columns.length + column] ?? NaN;
  }
}
