import { AssayError } from '../core/errors.ts';
import type { Tensor, Tensors } from '../core/tensor.ts';
import type { Session, TensorSpec } from './runner.ts';

/**
 * Wraps a session so that it takes the dataset's inputs: bound by name, or, where both sides have a single one, to each other.
 * Throws `model-invalid` where names, types or shapes do not fit.
 */
export function bindInputs(session: Session, sample: Tensors): (inputs: Tensors) => Promise<Tensors> {
  const toFeeds = bindFeeds(session, sample);
  return (inputs) => session.run(toFeeds(inputs));
}

/** A call that runs one batch of the dataset's inputs over and over, for timing. Throws as `bindInputs` does. */
export function bindCall(session: Session, inputs: Tensors): () => unknown {
  const feeds = bindFeeds(session, inputs)(inputs);
  return session.prepare?.(feeds) ?? (() => session.run(feeds));
}

function bindFeeds(session: Session, sample: Tensors): (inputs: Tensors) => Tensors {
  const bindings = session.inputs.map((spec) => bindInput(spec, session.inputs.length, sample));
  return (inputs) => Object.fromEntries(bindings.map((binding) => bind(binding, inputs)));
}

interface Binding {
  spec: TensorSpec;
  from: string;
}

function bind({ spec, from }: Binding, inputs: Tensors): [name: string, tensor: Tensor] {
  const tensor = inputs[from];
  if (tensor === undefined) throw new Error(`internal: input "${from}" is missing`);
  return [spec.name, toIntegerType(tensor, spec.type)];
}

/** TF.js has no int64, so token ids change their width between the runners. */
function toIntegerType(tensor: Tensor, type: TensorSpec['type']): Tensor {
  if (type === 'int32' && tensor.type === 'int64')
    return { ...tensor, type, data: Int32Array.from(tensor.data, Number) };
  if (type === 'int64' && tensor.type === 'int32')
    return { ...tensor, type, data: BigInt64Array.from(tensor.data, BigInt) };
  return tensor;
}

function bindInput(spec: TensorSpec, count: number, sample: Tensors): Binding {
  const names = Object.keys(sample);
  const [only] = names;
  const from = spec.name in sample || count > 1 || names.length > 1 ? spec.name : only;
  const tensor = from === undefined ? undefined : sample[from];
  if (from === undefined || tensor === undefined) {
    const message = `the model's input "${spec.name}" is not in the dataset, which has: ${names.join(', ')}`;
    throw new AssayError('model-invalid', message);
  }
  refuseMisfit(spec, tensor, from);
  return { spec, from };
}

function refuseMisfit(spec: TensorSpec, tensor: Tensor, from: string): void {
  const isInteger = (type: string): boolean => type === 'int64' || type === 'int32';
  const typeFits = spec.type === tensor.type || (isInteger(spec.type) && isInteger(tensor.type));
  const [, ...inner] = tensor.shape;
  const wanted = spec.shape.slice(1);
  const shapeFits =
    wanted.length === inner.length && wanted.every((size, axis) => size === null || size === inner[axis]);
  if (typeFits && shapeFits) return;
  const found = `${tensor.type} [batch, ${inner.join(', ')}]`;
  const accepted = `${spec.type} [batch, ${wanted.map((size) => size ?? 'any').join(', ')}]`;
  throw new AssayError(
    'model-invalid',
    `the dataset's input "${from}" is ${found}; the model's input "${spec.name}" accepts ${accepted}`,
  );
}
