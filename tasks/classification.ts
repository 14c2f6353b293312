import type { Tensors } from '../core/tensor.ts';
import { forEachBatch, type PredictRequest } from './batches.ts';
import { orderClasses, requireKnownClasses, type ClassOrder } from './class-order.ts';
import { readProbabilities, scoreForm } from './class-probabilities.ts';
import { hasOutput, pickOutput, placeOfHighest, type FloatTensor, type OutputForm } from './outputs.ts';
import { labelForm, readLabels, type LabelTensor } from './predicted-labels.ts';
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
  const formsOf = lastForms();
  const identified = await forEachBatch(request, async ({ ids, inputs, references, start }) => {
    if (references.kind !== 'classes')
      throw new Error(`classification needs labels as references; found ${references.kind}`);
    if (start === 0) order = orderClasses(references, request.task.labels);
    requireKnownClasses(references, ids, order);
    const outputs = await request.infer(inputs);
    expected.set(references.indices, start);
    const places = predicted.subarray(start, start + ids.length);
    const reading = { ...request.task, ids, order };
    const forms = formsOf(ids.length, order);
    const scores = pickScores(outputs, reading.output, forms);
    if (scores === null) {
      places.set(readLabels(pickOutput(outputs, reading.output, forms.labels), ids, order));
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

/** Null where there are labels alone. */
function pickScores(outputs: Tensors, output: string | undefined, forms: ClassForms): FloatTensor | null {
  const { scores, labels, either } = forms;
  if (!hasOutput(outputs, output, scores) && hasOutput(outputs, output, labels)) return null;
  return pickOutput(outputs, output, either);
}

interface ClassForms {
  scores: OutputForm<FloatTensor>;
  labels: OutputForm<LabelTensor>;
  /** Scores, and what else would have been accepted. */
  either: OutputForm<FloatTensor>;
}

/** The forms of a batch; most batches are as large as the one before, which has the same. */
function lastForms(): (rows: number, order: ClassOrder) => ClassForms {
  let last: { rows: number; forms: ClassForms } | null = null;
  return (rows, order) => {
    if (last?.rows === rows) return last.forms;
    const [scores, labels] = classForms(rows, order);
    const accepts = `${scores.accepts}, or ${labels.accepts}`;
    const forms = { scores, labels: labelForm(rows), either: { ...scores, accepts } };
    last = { rows, forms };
    return forms;
  };
}

/** Scores, and labels alone. */
export function classForms(
  rows: number,
  order: ClassOrder,
): [scores: OutputForm<FloatTensor>, labels: OutputForm] {
  const [scores, labels] = [scoreForm(rows, order), labelForm(rows)];
  return [
    { ...scores, accepts: `${scores.accepts} for ${namesOf(order)}` },
    { ...labels, accepts: `labels as ${labels.accepts}` },
  ];
}

function namesOf({ columns, labels }: ClassOrder): string {
  return Array.from(columns, (label) => labels[label]).join(', ');
}
