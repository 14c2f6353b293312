import { AssayError, messageOf } from './errors.ts';
import { convertTensor, isConvertible } from './convert-tensor.ts';
import { shownShape } from './shown-shape.ts';
import { startOfText } from './start-of-text.ts';
import type { Tensor, Tensors, TensorSpec } from './tensor.ts';

/**
 * Wires tensors to the inputs of a model: by name, or, where both sides have a single one, to each other; numbers become those the
 * input takes. What a decoder kept of earlier tokens is nothing, where no tensor tells otherwise. The first axis is the batch and may have
 * any size. Throws `model-invalid` where names, types or shapes of the sample do
 * not fit, and later where a value is none of the input's integer type.
 */
export function bindTensors(
  inputs: readonly TensorSpec[],
  sample: Tensors,
): (tensors: Tensors) => Record<string, Tensor> {
  const isMade = (spec: TensorSpec): boolean => !(spec.name in sample) && startOfText(spec, 1) !== null;
  const [made, bound] = [inputs.filter(isMade), inputs.filter((spec) => !isMade(spec))];
  const bindings = bound.map((spec) => bindInput(spec, bound.length, sample));
  return (tensors) => ({
    ...Object.fromEntries(bindings.map((binding) => bind(binding, tensors))),
    ...startOfTexts(made, tensors),
  });
}

function startOfTexts(specs: readonly TensorSpec[], tensors: Tensors): Tensors {
  const rows = Object.values(tensors)[0]?.shape[0] ?? 0;
  return Object.fromEntries(
    specs.flatMap((spec) => {
      const tensor = startOfText(spec, rows);
      return tensor === null ? [] : [[spec.name, tensor] as const];
    }),
  );
}

interface Binding {
  spec: TensorSpec;
  from: string;
}

function bind({ spec, from }: Binding, tensors: Tensors): [name: string, tensor: Tensor] {
  const tensor = tensors[from];
  if (tensor === undefined) throw new Error(`internal: input "${from}" is missing`);
  try {
    return [spec.name, convertTensor(tensor, spec.type)];
  } catch (cause) {
    const message = `the dataset's input "${from}" does not fit: ${messageOf(cause)}`;
    throw new AssayError('model-invalid', message, { cause });
  }
}

function bindInput(spec: TensorSpec, count: number, sample: Tensors): Binding {
  const names = Object.keys(sample);
  const [only] = names;
  const from = spec.name in sample || count > 1 || names.length > 1 ? spec.name : only;
  const tensor = from === undefined ? undefined : sample[from];
  if (from === undefined || tensor === undefined) {
    const message = `the model's input "${spec.name}" is not in the dataset, which has: ${names.join(', ')}`;
    throw new AssayError('model-invalid', message, {
      hint: `Call an input of the dataset's manifest "${spec.name}"; the columns that it reads keep their names.`,
    });
  }
  refuseMisfit(spec, tensor, from);
  return { spec, from };
}

function refuseMisfit(spec: TensorSpec, tensor: Tensor, from: string): void {
  const [, ...inner] = tensor.shape;
  const wanted = spec.shape.slice(1);
  const hasRank = spec.shape.length === tensor.shape.length;
  const shapeFits = hasRank && wanted.every((size, axis) => size === null || size === inner[axis]);
  // A model that declares no shape takes any.
  if (isConvertible(tensor.type, spec.type) && (shapeFits || spec.shape.length === 0)) return;
  const found = shownTensor(tensor.type, tensor.shape);
  const accepted = shownTensor(spec.type, spec.shape);
  throw new AssayError(
    'model-invalid',
    `the dataset's input "${from}" is ${found}; the model's input "${spec.name}" accepts ${accepted}`,
  );
}

/** The type and shape of a batch in words, the first axis of which may have any size: `float32 [batch, 2]`. */
export function shownTensor(type: string, [, ...inner]: readonly (number | null)[]): string {
  return `${type} ${shownShape(['batch', ...inner])}`;
}
