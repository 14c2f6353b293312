import type { ClassOrder } from './class-order.ts';
import { floatForm, isMatrix, type FloatTensor, type OutputForm } from './outputs.ts';
import type { OptionsOf } from './task-options.ts';

/** A number a class, or, of two classes, one for the last of them. */
export function scoreForm(rows: number, { columns }: ClassOrder): OutputForm<FloatTensor> {
  const single = columns.length === 2 ? ' or [batch]' : '';
  return floatForm(
    `[batch, ${columns.length}]${single}`,
    (shape) => isMatrix(shape, rows, columns.length) || (columns.length === 2 && isMatrix(shape, rows, 1)),
  );
}

/** How scores are read. */
export interface ScoreReading {
  /** The sample of each row. */
  ids: readonly string[];
  order: ClassOrder;
  scores: OptionsOf<'classification'>['scores'];
}

/** Probabilities of the labels, row-major [samples, labels]; each row sums to 1. Throws for scores that are neither. */
export function readProbabilities({ data }: FloatTensor, reading: ScoreReading): Float64Array {
  const { ids, order, scores } = reading;
  const width = order.columns.length;
  const rows =
    data.length === ids.length ? bothOf(Float64Array.from(data), reading) : Float64Array.from(data);
  for (let row = 0; row < ids.length; row++) {
    const sum = weigh(rows, { start: row * width, end: (row + 1) * width }, scores);
    if (!(Math.abs(sum - 1) <= mostOff[scores])) throw oddSum(sum, row, { data, reading });
  }
  return byLabel(rows, order);
}

/** The scores of two classes from those of the second. */
function bothOf(seconds: Float64Array, { ids, scores }: ScoreReading): Float64Array {
  const rows = new Float64Array(2 * seconds.length);
  for (const [row, second] of seconds.entries()) {
    if (scores === 'probabilities' && !(second >= 0 && second <= 1))
      throw new Error(
        `the model gives sample "${ids[row] ?? ''}" a probability of ${second}; 0 to 1 is accepted, or set "scores": "logits" in the suite's task`,
      );
    rows.set([scores === 'probabilities' ? 1 - second : 0, second], 2 * row);
  }
  return rows;
}

/** How far the scores of a sample may sum to something else than 1; a sum that is not finite never is near. */
const mostOff = { probabilities: 1e-3, logits: Number.MAX_VALUE };

interface Read {
  data: FloatTensor['data'];
  reading: ScoreReading;
}

interface Row {
  start: number;
  end: number;
}

/**
 * Softmax for logits; for float32 probabilities, division by the row's sum, which rounding keeps from being 1. Gives the sum that
 * was divided by.
 */
function weigh(values: Float64Array, { start, end }: Row, scores: ScoreReading['scores']): number {
  if (scores === 'logits') exponentiate(values, { start, end });
  let sum = 0;
  for (let cell = start; cell < end; cell++) sum += values[cell] as number;
  for (let cell = start; cell < end; cell++) values[cell] = (values[cell] as number) / sum;
  return sum;
}

/** A logit of -Infinity alone is a probability of 0; all else that is not finite reaches the sum. */
function oddSum(sum: number, row: number, { data, reading }: Read): Error {
  const id = reading.ids[row] ?? '';
  const width = data.length / reading.ids.length;
  const odd = data.subarray(row * width, (row + 1) * width).find((value) => !Number.isFinite(value));
  return Number.isFinite(sum)
    ? new Error(
        `the scores of sample "${id}" sum to ${sum}, not 1; set "scores": "logits" in the suite's task if they are logits`,
      )
    : new Error(`the model gives sample "${id}" a score of ${odd}; finite numbers are accepted`);
}

function exponentiate(values: Float64Array, { start, end }: Row): void {
  let highest = -Infinity;
  for (let cell = start; cell < end; cell++) highest = Math.max(highest, values[cell] as number);
  for (let cell = start; cell < end; cell++) values[cell] = Math.exp((values[cell] as number) - highest);
}

/** Columns in the order of the labels; one that the model does not have is 0. */
function byLabel(rows: Float64Array, { columns, labels }: ClassOrder): Float64Array {
  if (columns.length === labels.length && columns.every((label, column) => label === column)) return rows;
  const ordered = new Float64Array((rows.length / columns.length) * labels.length);
  for (const [cell, value] of rows.entries()) {
    const [row, column] = [Math.floor(cell / columns.length), cell % columns.length];
    ordered[row * labels.length + (columns[column] ?? 0)] = value;
  }
  return ordered;
}
