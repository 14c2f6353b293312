import type { Tensors } from '../core/tensor.ts';
import { forEachBatch, type PredictRequest } from './batches.ts';
import { orderClasses, requireKnownClasses, type ClassOrder } from './class-order.ts';
import { readProbabilities, scoreForm } from './class-probabilities.ts';
import { hasOutput, pickOutput, placeOfHighest, type FloatTensor, type OutputForm } from './outputs.ts';
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
  let order: ClassOrder = orderClasses({ labels: [], values: [] });
  let probabilities: Float64Array | null = null;
  const identified = await forEachBatch(request, async ({ ids, inputs, references, start }) => {
    if (references.kind !== 'classes')
      throw new Error(`classification needs labels as references; found ${references.kind}`);
    if (start === 0) order = orderClasses(references, request.task.labels);
    requireKnownClasses(references, ids, order);
    const outputs = await request.infer(inputs);
    expected.set(references.indices, start);
    const places = predicted.subarray(start, start + ids.length);
    const reading = { ...request.task, ids, order };
    const scores = pickScores(outputs, reading);
    if (scores === null) {
      places.set(readLabels(pickOutput(outputs, reading.output, labelForm(ids.length)), ids, order));
      return;
    }
    const width = order.labels.length;
    probabilities ??= new Float64Array(count * width);
    const rows = probabilities.subarray(start * width, (start + ids.length) * width);
    readProbabilities(scores, reading, rows);
    for (let row = 0; row < ids.length; row++) places[row] = placeOfHighest(rows, row * width, width);
  });
  return { kind: 'classification', ...identified, labels: order.labels, expected, predicted, probabilities };
}

type Reading = Parameters<typeof readProbabilities>[1] & { output?: string | undefined };

/** Null where there are labels alone. */
function pickScores(outputs: Tensors, { ids, order, output }: Reading): FloatTensor | null {
  const [scores, labels] = classForms(ids.length, order);
  if (!hasOutput(outputs, output, scores) && hasOutput(outputs, output, labels)) return null;
  return pickOutput(outputs, output, {
    fits: scores.fits,
    // For errors alone: this is made for each batch.
    get accepts() {
      return `${scores.accepts}, or ${labels.accepts}`;
    },
  });
}

/** Scores, and labels alone. */
export function classForms(
  rows: number,
  order: ClassOrder,
): [scores: OutputForm<FloatTensor>, labels: OutputForm] {
  const [scores, labels] = [scoreForm(rows, order), labelForm(rows)];
  return [
    {
      fits: scores.fits,
      get accepts() {
        return `${scores.accepts} for ${namesOf(order)}`;
      },
    },
    { ...labels, accepts: `labels as ${labels.accepts}` },
  ];
}

function namesOf({ columns, labels }: ClassOrder): string {
  return Array.from(columns, (label) => labels[label]).join(', ');
}
