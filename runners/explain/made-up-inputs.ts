import { convertTensor } from '../../core/convert-tensor.ts';
import { AssayError } from '../../core/errors.ts';
import { startOfText } from '../../core/start-of-text.ts';
import { createRandom, type Random } from '../../core/random.ts';
import { elementCount, type Tensor, type Tensors, type TensorSpec } from '../../core/tensor.ts';
import type { Shapes } from '../../models/explain/examined.ts';

/** What an axis without a size gets, the first one apart. */
const usualSize = 16;
const seed = 1;

export interface InputForm {
  batchSize: number;
  /** Of the inputs whose axes are to have other sizes than usual. */
  shapes: Shapes;
}

/**
 * Inputs for a model without data: normal numbers, integers 0 and text empty, so that every look-up finds something, and nothing kept of
 * earlier tokens. Axes without a
 * size are the batch where they come first, else 16. Throws `usage-invalid` for a shape that the model does not accept.
 */
export function makeUpInputs(specs: readonly TensorSpec[], form: InputForm): Tensors {
  const random = createRandom(seed);
  requireKnown(specs, form.shapes);
  return Object.fromEntries(
    specs.map((spec) => {
      const start = spec.name in form.shapes ? null : startOfText(spec, form.batchSize);
      return [spec.name, start ?? makeUp(spec, shapeFor(spec, form), random)];
    }),
  );
}

function requireKnown(specs: readonly TensorSpec[], shapes: Shapes): void {
  const unknown = Object.keys(shapes).find((name) => !specs.some((spec) => spec.name === name));
  if (unknown === undefined) return;
  const known = specs.map(({ name }) => name).join(', ');
  throw new AssayError(
    'usage-invalid',
    `The model has no input "${unknown}" to give a shape; it has: ${known}.`,
  );
}

function shapeFor({ name, shape }: TensorSpec, { batchSize, shapes }: InputForm): readonly number[] {
  const wanted = shapes[name];
  if (wanted === undefined) return shape.map((size, axis) => size ?? (axis === 0 ? batchSize : usualSize));
  const fits =
    wanted.length === shape.length && shape.every((size, axis) => size === null || size === wanted[axis]);
  if (fits) return wanted;
  const accepted = shape.map((size) => size ?? 'any').join('x');
  const message = `Input "${name}" cannot be ${wanted.join('x')}; the model accepts ${accepted}.`;
  throw new AssayError('usage-invalid', message);
}

function makeUp({ type }: TensorSpec, shape: readonly number[], random: Random): Tensor {
  const length = elementCount(shape);
  if (type === 'string') return { type, shape, data: Array.from({ length }, () => '') };
  if (type === 'bool') return { type, shape, data: new Uint8Array(length) };
  const isFloat = type.startsWith('float');
  const data = Float32Array.from({ length }, () => (isFloat ? random.normal() : 0));
  return convertTensor({ type: 'float32', shape, data }, type);
}
