import { counted } from '../core/counted.ts';
import { shownShape } from '../core/shown-shape.ts';
import type { Tensor, Tensors } from '../core/tensor.ts';

export type FloatTensor = Extract<Tensor, { type: 'float16' | 'float32' | 'float64' }>;

/** A form of output that a task can read. */
export interface OutputForm<Read extends Tensor = Tensor> {
  /** In words, e.g. `float [batch, 3]`. */
  accepts: string;
  /** Samples of the batch: each has a row. */
  rows: number;
  fits: (tensor: Tensor) => tensor is Read;
}

/** Floating-point numbers of the shapes that fit, a row a sample. */
export function floatForm(
  shape: string,
  rows: number,
  fits: (shape: readonly number[]) => boolean,
): OutputForm<FloatTensor> {
  return {
    accepts: `float ${shape}`,
    rows,
    fits: (tensor): tensor is FloatTensor => tensor.type.startsWith('float') && fits(tensor.shape),
  };
}

/** The place of the first of the highest of `width` values from `start` on, counted from there; NaN is never the highest but in front. */
export function placeOfHighest(values: FloatTensor['data'], start = 0, width = values.length): number {
  let highest = 0;
  for (let place = 1; place < width; place++)
    if ((values[start + place] as number) > (values[start + highest] as number)) highest = place;
  return highest;
}

/** Whether a shape is [rows, columns], where a single column may be left out. */
export function isMatrix(shape: readonly number[], rows: number, columns: number): boolean {
  return shape[0] === rows && (shape[1] ?? 1) === columns && shape.length <= 2;
}

/**
 * The output that is read: the one that is named, or else the only one that fits. Throws where there is none, or several,
 * with what the model puts out.
 */
export function pickOutput<Read extends Tensor>(
  outputs: Tensors,
  name: string | undefined,
  form: OutputForm<Read>,
): Read {
  const candidates = name === undefined ? outputs : { [name]: outputOf(outputs, name) };
  const fitting = Object.values(candidates).filter(form.fits);
  const [only, other] = fitting;
  if (only !== undefined && other === undefined) return only;
  // For errors alone: this is called for each batch.
  const listed = describe(candidates);
  if (other !== undefined)
    throw new Error(`several outputs fit: ${listed}; name one as "output" in the suite's task`);
  const found =
    Object.keys(candidates).length === 1 ? `the output ${listed} does not fit` : `no output fits: ${listed}`;
  throw new Error(`${found}${otherRows(candidates, form.rows)}; accepted: ${form.accepts}`);
}

/** `, with 1 row for 8 samples`, as of a model that sums over the batch; empty where an output has a row a sample. */
function otherRows(candidates: Tensors, rows: number): string {
  const [found, ...others] = new Set(Object.values(candidates).map(({ shape: [first] }) => first));
  if (found === undefined || found === rows || others.length > 0) return '';
  return `, with ${counted(found, 'row')} for ${counted(rows, 'sample')}`;
}

/** Whether an output, the named one or any, has the form. */
export function hasOutput(outputs: Tensors, name: string | undefined, form: OutputForm): boolean {
  return name === undefined ? Object.values(outputs).some(form.fits) : form.fits(outputOf(outputs, name));
}

function outputOf(outputs: Tensors, name: string): Tensor {
  const tensor = outputs[name];
  if (tensor !== undefined) return tensor;
  throw new Error(`the model has no output "${name}"; it has: ${describe(outputs)}`);
}

function describe(outputs: Tensors): string {
  const all = Object.entries(outputs).map(
    ([name, { type, shape }]) => `"${name}" (${type} ${shownShape(shape)})`,
  );
  return all.join(', ');
}
