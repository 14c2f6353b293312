import type { Tensors } from '../core/tensor.ts';
import { forEachBatch, type PredictRequest } from './batches.ts';
import { orderClasses, requireKnownClasses, type ClassOrder } from './class-order.ts';
import { readProbabilities, scoreForm } from './class-probabilities.ts';
import { hasOutput, pickOutput, placeOfHighest } from './outputs.ts';
import { labelForm, readLabels } from './predicted-labels.ts';
import type { ClassificationPredictions } from './predictions.ts';

/**
 * One distribution over the labels a sample, of which the first label of highest probability is predicted; or, from a model
 * that puts out labels alone, no more than the prediction.
 */
export async function predictClasses(
  request: PredictRequest<'classification'>,
): Promise<ClassificationPredictions> {
  const { count } = request.samples;
  const [expected, predicted] = [new Int32Array(count), new Int32Array(count)];
  let order: ClassOrder = { labels: [], columns: new Int32Array(), indexOf: new Map(), byPlace: false };
  let probabilities: Float64Array | null = null;
  const identified = await forEachBatch(request, async ({ ids, inputs, references, start }) => {
    if (references.kind !== 'classes')
      throw new Error(`classification needs labels as references; found ${references.kind}`);
    if (start === 0) order = orderClasses(references, request.task.labels);
    requireKnownClasses(references, ids, order);
    const read = readOutputs(await request.infer(inputs), { ...request.task, ids, order });
    expected.set(references.indices, start);
    predicted.set(read.predicted, start);
    if (read.probabilities === null) return;
    probabilities ??= new Float64Array(count * order.labels.length);
    probabilities.set(read.probabilities, start * order.labels.length);
  });
  return { kind: 'classification', ...identified, labels: order.labels, expected, predicted, probabilities };
}

type Reading = Parameters<typeof readProbabilities>[1] & { output?: string | undefined };
type Read = Pick<ClassificationPredictions, 'predicted' | 'probabilities'>;

/** Scores where there are any, else labels. */
function readOutputs(outputs: Tensors, reading: Reading): Read {
  const { ids, order, output } = reading;
  const [scores, labels] = [scoreForm(ids.length, order), labelForm(ids.length)];
  if (!hasOutput(outputs, output, scores) && hasOutput(outputs, output, labels))
    return { predicted: readLabels(pickOutput(outputs, output, labels), ids, order), probabilities: null };
  const tensor = pickOutput(outputs, output, {
    fits: scores.fits,
    // For errors alone: this is made for each batch.
    get accepts() {
      return `${scores.accepts} for ${namesOf(order)}, or labels as ${labels.accepts}`;
    },
  });
  const probabilities = readProbabilities(tensor, reading);
  return { predicted: likeliest(probabilities, ids.length), probabilities };
}

function namesOf({ columns, labels }: ClassOrder): string {
  return Array.from(columns, (label) => labels[label]).join(', ');
}

function likeliest(probabilities: Float64Array, rows: number): Int32Array {
  const width = probabilities.length / rows;
  const places = new Int32Array(rows);
  for (let row = 0; row < rows; row++) places[row] = placeOfHighest(probabilities, row * width, width);
  return places;
}
