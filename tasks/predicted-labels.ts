import type { Tensor } from '../core/tensor.ts';
import type { ClassOrder } from './class-order.ts';
import { isMatrix, type FloatTensor, type OutputForm } from './outputs.ts';

export type LabelTensor = Exclude<Tensor, FloatTensor | { type: 'bool' }>;

/** A label a sample: its text, or an integer. */
export function labelForm(rows: number): OutputForm<LabelTensor> {
  return labelsOf('[batch]', (shape) => isMatrix(shape, rows, 1));
}

/** A label a token. */
export function tokenLabelForm(rows: number, length: number): OutputForm<LabelTensor> {
  return labelsOf(`[batch, ${length}]`, (shape) => isMatrix(shape, rows, length));
}

function labelsOf(shape: string, fits: (shape: readonly number[]) => boolean): OutputForm<LabelTensor> {
  return {
    accepts: `integer or string ${shape}`,
    fits: (tensor): tensor is LabelTensor =>
      !tensor.type.startsWith('float') && tensor.type !== 'bool' && fits(tensor.shape),
  };
}

/** The class of each sample, as an index into the labels; throws for one that is none. */
export function readLabels(tensor: LabelTensor, ids: readonly string[], order: ClassOrder): Int32Array {
  const isPlace = order.byPlace && tensor.type !== 'string';
  return Int32Array.from(ids, (id, row) => {
    const text = String(tensor.data[row]);
    const index = isPlace ? order.columns[Number(text)] : order.indexOf.get(text);
    if (index !== undefined) return index;
    const accepted = isPlace ? `0 to ${order.columns.length - 1}` : [...order.indexOf.keys()].join(', ');
    throw new Error(`the model predicts class "${text}" for sample "${id}"; accepted are: ${accepted}`);
  });
}
