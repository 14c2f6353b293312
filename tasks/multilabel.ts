import { forEachBatch, type PredictRequest } from './batches.ts';
import { orderClasses, type ClassOrder } from './class-order.ts';
import type { Tensor, Tensors } from '../core/tensor.ts';
import { floatForm, hasOutput, isMatrix, pickOutput, type FloatTensor, type OutputForm } from './outputs.ts';
import type { LabelTensor } from './predicted-labels.ts';
import type { MultilabelPredictions } from './predictions.ts';
import type { OptionsOf } from './task-options.ts';

/**
 * A score a label of each sample, as the model puts it out; a label is predicted where its probability is above the threshold.
 * The output has shape [batch, labels]; or [labels, batch, 2], of a classifier a label; or is 0 and 1, where a model decides itself.
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
    const { data, placeOf, areDecided } = pickScores(
      await infer(inputs),
      task.output,
      labelForms(ids.length, order),
    );
    const read = Array.from(ids.keys()).flatMap((row) =>
      columns.map((column) => Number(data[placeOf(row, column)])),
    );
    expected.set(references.flags, start * labels.length);
    scores.set(read, start * labels.length);
    const threshold = areDecided ? 0 : thresholdOf(task);
    predicted.set(
      read.map((score) => Number(score > threshold)),
      start * labels.length,
    );
  });
  return { kind: 'multilabel', ...identified, labels, expected, predicted, scores };
}

interface LabelForms {
  /** A score a label that the model knows. */
  scores: OutputForm<FloatTensor>;
  /** The probabilities of both classes of each label, as a list of classifiers gives them. */
  pairs: OutputForm<FloatTensor>;
  /** Whether each label applies. */
  flags: OutputForm<FlagTensor>;
}

type FlagTensor = Exclude<LabelTensor, { type: 'string' }> | Extract<Tensor, { type: 'bool' }>;

/** Of those that fit, the first is read. */
export function labelForms(rows: number, { columns: { length: width } }: ClassOrder): LabelForms {
  const accepts = `[batch, ${width}]`;
  return {
    scores: floatForm(`${accepts}, a score a label`, rows, (shape) => isMatrix(shape, rows, width)),
    pairs: floatForm(`[${width}, batch, 2]`, rows, (shape) => shape.join() === [width, rows, 2].join()),
    flags: {
      ...{ accepts: `integer or bool ${accepts}`, rows },
      fits: (tensor): tensor is FlagTensor =>
        !tensor.type.startsWith('float') && tensor.type !== 'string' && isMatrix(tensor.shape, rows, width),
    },
  };
}

interface LabelScores {
  data: ArrayLike<number | bigint>;
  /** Where the score of a label of a sample is. */
  placeOf: (row: number, column: number) => number;
  /** Whether the model has decided itself, whatever the threshold. */
  areDecided: boolean;
}

function pickScores(outputs: Tensors, name: string | undefined, forms: LabelForms): LabelScores {
  const { scores, pairs, flags } = forms;
  const isOnly = (form: OutputForm): boolean =>
    !hasOutput(outputs, name, scores) && hasOutput(outputs, name, form);
  if (isOnly(pairs)) {
    const { data } = pickOutput(outputs, name, pairs);
    const placeOf = (row: number, column: number): number => 2 * (column * pairs.rows + row) + 1;
    return { data, placeOf, areDecided: false };
  }
  const areDecided = isOnly(flags);
  const { data, shape } = areDecided
    ? checkedFlags(pickOutput(outputs, name, flags))
    : pickOutput(outputs, name, either(forms));
  const width = shape[1] ?? 1;
  return { data, placeOf: (row, column) => row * width + column, areDecided };
}

/** Scores, and what else would have been accepted. */
function either({ scores, pairs, flags }: LabelForms): OutputForm<FloatTensor> {
  return { ...scores, accepts: [scores, pairs, flags].map(({ accepts }) => accepts).join(', or ') };
}

function checkedFlags(tensor: FlagTensor): FlagTensor {
  const data: ArrayLike<number | bigint> = tensor.data;
  const odd = Array.from(data, Number).find((flag) => flag !== 0 && flag !== 1);
  if (odd === undefined) return tensor;
  throw new Error(`the model says ${odd} of a label; 0 and 1 are accepted`);
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
