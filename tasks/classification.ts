import type { Tensors } from '../core/tensor.ts';
import type { ClassificationPredictions } from './predictions.ts';
import { forEachBatch, onlyFloatOutput, type PredictRequest } from './batches.ts';

/** One distribution over the labels a sample; the prediction is the first label of highest score. The output has shape [batch, labels]. */
export async function predictClasses(request: PredictRequest): Promise<ClassificationPredictions> {
  const { count } = request.samples;
  const [expected, predicted] = [new Int32Array(count), new Int32Array(count)];
  let labels: readonly string[] = [];
  let probabilities = new Float64Array(0);
  const identified = await forEachBatch(request, async ({ ids, inputs, references, start }) => {
    if (references.kind !== 'classes')
      throw new Error(`classification needs labels as references; found ${references.kind}`);
    if (start === 0) {
      ({ labels } = references);
      probabilities = new Float64Array(count * labels.length);
    }
    const form = { ids, width: labels.length, scores: request.scores };
    const rows = normalised(await request.infer(inputs), form);
    probabilities.set(rows, start * labels.length);
    expected.set(references.indices, start);
    predicted.set(
      references.indices.map((_, row) => argMaxOfRow(rows, row, labels.length)),
      start,
    );
  });
  return { kind: 'classification', ...identified, labels, expected, predicted, probabilities };
}

/** What the rows of an output are. */
interface RowForm {
  /** The sample of each row. */
  ids: readonly string[];
  /** How many labels there are. */
  width: number;
  scores: PredictRequest['scores'];
}

/** Row-major [batch, labels]; each row sums to 1. */
function normalised(outputs: Tensors, { ids, width, scores }: RowForm): Float64Array {
  const { data, shape } = onlyFloatOutput(outputs);
  if (shape.length !== 2 || shape[0] !== ids.length || shape[1] !== width) {
    throw new Error(
      `the output has shape [${shape.join(', ')}]; [batch, ${width}] is accepted, a column a label`,
    );
  }
  const values = Float64Array.from(data);
  for (const [row, id] of ids.entries())
    normaliseRow(values.subarray(row * width, (row + 1) * width), id, scores);
  return values;
}

/** Softmax for logits; for float32 probabilities, division by the row's sum, which rounding keeps from being 1. */
function normaliseRow(row: Float64Array, id: string, scores: PredictRequest['scores']): void {
  const odd = row.find((value) => !Number.isFinite(value));
  if (scores === 'logits') exponentiate(row);
  const sum = row.reduce((total, value) => total + value, 0);
  // A logit of -Infinity alone is a probability of 0; all else that is not finite reaches the sum.
  if (!Number.isFinite(sum))
    throw new Error(`the model gives sample "${id}" a score of ${odd}; finite numbers are accepted`);
  if (scores === 'probabilities' && Math.abs(sum - 1) > 1e-3) {
    throw new Error(
      `the scores of sample "${id}" sum to ${sum}, not 1; set "scores": "logits" in the suite's task if they are logits`,
    );
  }
  for (let column = 0; column < row.length; column++) row[column] = (row[column] as number) / sum;
}

function exponentiate(row: Float64Array): void {
  const highest = Math.max(...row);
  for (let column = 0; column < row.length; column++)
    row[column] = Math.exp((row[column] as number) - highest);
}

function argMaxOfRow(values: Float64Array, row: number, width: number): number {
  const slice = values.subarray(row * width, (row + 1) * width);
  return slice.indexOf(Math.max(...slice));
}
