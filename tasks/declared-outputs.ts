import type { References } from '../core/samples.ts';
import type { Tensor, TensorSpec } from '../core/tensor.ts';
import { orderClasses } from './class-order.ts';
import { classForms } from './classification.ts';
import { knownColumns, labelForms } from './multilabel.ts';
import type { OutputForm } from './outputs.ts';
import { valuesForm } from './regression.ts';
import type { TaskOptions } from './task-options.ts';

/** What a model says of its outputs, and what is to be read from them. */
export interface Declared {
  outputs: readonly TensorSpec[];
  task: TaskOptions;
  references: References;
}

/**
 * Why a task can read none of the outputs that a model declares, whatever comes out of it, or cannot tell which; null where it may: where a size is known at
 * run time only, and of tasks whose forms of output depend on each sample. Throws where the model lacks a label that it must have.
 */
export function declaredMisfit({ outputs, task, references }: Declared): string | null {
  const forms = formsOf(task, references);
  const asked = outputs.filter(({ name }) => task.output === undefined || name === task.output);
  const [preferred] = forms;
  const alike = preferred === undefined ? [] : asked.filter((output) => surelyFits(output, preferred));
  if (task.output === undefined && alike.length > 1)
    return `several outputs fit: ${list(alike)}; name one as "output" in the suite's task`;
  if (forms.length === 0 || asked.some((output) => mayFit(output, forms))) return null;
  const listed = list(asked);
  const found = asked.length === 1 ? `the output ${listed} does not fit` : `no output fits: ${listed}`;
  return `${found}; accepted: ${forms.map(({ accepts }) => accepts).join(', or ')}`;
}

/** More rows than any axis is likely to have, so that none is taken for the batch. */
const rows = 997;

function formsOf(task: TaskOptions, references: References): readonly OutputForm[] {
  if (task.kind === 'regression' && references.kind === 'values') return [valuesForm(rows, references.names)];
  if (task.kind === 'classification' && references.kind === 'classes')
    return classForms(rows, orderClasses(references, task.labels));
  if (task.kind !== 'multilabel' || references.kind !== 'labels') return [];
  const order = orderClasses(references, task.labels);
  knownColumns(references.labels, order);
  return Object.values(labelForms(rows, order)) as OutputForm[];
}

/** Whether an output has the form for each batch there may be. */
function surelyFits(output: TensorSpec, form: OutputForm): boolean {
  const [batch, ...inner] = output.shape;
  return batch === null && !inner.includes(null) && mayFit(output, [form]);
}

function list(outputs: readonly TensorSpec[]): string {
  return outputs.map(({ name, type, shape }) => `"${name}" (${type} [${describe(shape)}])`).join(', ');
}

/** Whatever the size of the batch it was exported for; no axes at all may stand for any. */
function mayFit({ type, shape }: TensorSpec, forms: readonly OutputForm[]): boolean {
  const [batch, ...inner] = shape;
  const sizes = inner.filter((size) => size !== null);
  if (batch === undefined || sizes.length < inner.length) return true;
  // Forms look at the type and the shape alone.
  const tensor = { type, shape: [rows, ...sizes], data: [] } as unknown as Tensor;
  return forms.some(({ fits }) => fits(tensor));
}

function describe([, ...inner]: TensorSpec['shape']): string {
  return ['batch', ...inner].join(', ');
}
