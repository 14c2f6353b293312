import type { Ids } from '../core/ids.ts';
import type { Tensor } from '../core/tensor.ts';
import { findClass, type ClassOrder } from './class-order.ts';
import { namedSamples } from './metrics/named-samples.ts';
import { isMatrix, type FloatTensor, type OutputForm } from './outputs.ts';

export type LabelTensor = Exclude<Tensor, FloatTensor | { type: 'bool' }>;

/** A label a sample: its text, or an integer. */
export function labelForm(rows: number): OutputForm<LabelTensor> {
  return labelsOf('[batch]', rows, (shape) => isMatrix(shape, rows, 1));
}

/** A label a token. */
export function tokenLabelForm(rows: number, length: number): OutputForm<LabelTensor> {
  return labelsOf(`[batch, ${length}]`, rows, (shape) => isMatrix(shape, rows, length));
}

function labelsOf(
  shape: string,
  rows: number,
  fits: (shape: readonly number[]) => boolean,
): OutputForm<LabelTensor> {
  return {
    accepts: `integer or string ${shape}`,
    rows,
    fits: (tensor): tensor is LabelTensor =>
      !tensor.type.startsWith('float') && tensor.type !== 'bool' && fits(tensor.shape),
  };
}

/** The class of each sample, as an index into the labels; throws for one that is none. */
export function readLabels(tensor: LabelTensor, ids: Ids, order: ClassOrder): Int32Array {
  const isPlace = order.byPlace && tensor.type !== 'string';
  const texts = Array.from<unknown, string>(tensor.data, String);
  const found = texts.map((text) => (isPlace ? order.columns[Number(text)] : findClass(order, text)));
  const named = namedSamples(ids, (row) => found[row] === undefined);
  if (named === null) return Int32Array.from(found, (index) => index ?? -1);
  const odd = texts[found.indexOf(undefined)] ?? '';
  const accepted = isPlace ? `0 to ${order.columns.length - 1}` : [...order.indexOf.keys()].join(', ');
  throw new Error(
    `the model predicts class "${odd}"; accepted are: ${accepted}; not so, in a batch, for ${named}`,
  );
}
