import { forEachBatch, type PredictRequest } from './batches.ts';
import { orderClasses, type ClassOrder } from './class-order.ts';
import { floatForm, isMatrix, pickOutput, type FloatTensor, type OutputForm } from './outputs.ts';
import type { MultilabelPredictions } from './predictions.ts';
import type { OptionsOf } from './task-options.ts';

/**
 * A score a label of each sample, as the model puts it out; a label is predicted where its probability is above the threshold.
 * The output has shape [batch, labels].
 */
export async function predictLabelSets(
  request: PredictRequest<'multilabel'>,
): Promise<MultilabelPredictions> {
  const { task, samples, infer } = request;
  let labels: readonly string[] = [];
  let columns: readonly number[] = [];
  let order: ClassOrder | null = null;
  let [expected, predicted, scores] = [new Uint8Array(), new Uint8Array(), new Float64Array()];
  const identified = await forEachBatch(request, async ({ ids, inputs, references, start }) => {
    if (references.kind !== 'labels')
      throw new Error(`multilabel needs sets of labels as references; found ${references.kind}`);
    if (order === null) {
      ({ labels } = references);
      order = orderClasses(references, task.labels);
      columns = knownColumns(labels, order);
      const cells = samples.count * labels.length;
      [expected, predicted, scores] = [new Uint8Array(cells), new Uint8Array(cells), new Float64Array(cells)];
    }
    const width = order.columns.length;
    const { data } = pickOutput(await infer(inputs), task.output, flagsForm(ids.length, order));
    const read = Array.from(ids.keys()).flatMap((row) =>
      columns.map((column) => Number(data[row * width + column])),
    );
    expected.set(references.flags, start * labels.length);
    scores.set(read, start * labels.length);
    predicted.set(
      read.map((score) => Number(score > thresholdOf(task))),
      start * labels.length,
    );
  });
  return { kind: 'multilabel', ...identified, labels, expected, predicted, scores };
}

/** A score a label that the model knows. */
export function flagsForm(rows: number, { columns: { length: width } }: ClassOrder): OutputForm<FloatTensor> {
  return floatForm(`[batch, ${width}], a score a label`, rows, (shape) => isMatrix(shape, rows, width));
}

/** Where the model has each label of the dataset; what it knows besides is not read. Throws for a label that it does not have. */
export function knownColumns(labels: readonly string[], { columns, labels: all }: ClassOrder): number[] {
  return labels.map((label, index) => {
    const column = columns.indexOf(index);
    if (column >= 0) return column;
    const known = Array.from(columns, (one) => all[one]).join(', ');
    throw new Error(`the model does not know the label "${label}"; its labels are: ${known}`);
  });
}

type Options = OptionsOf<'multilabel'>;

/** On the scale of the scores. */
function thresholdOf({ scores, threshold }: Options): number {
  return scores === 'logits' ? Math.log(threshold / (1 - threshold)) : threshold;
}
