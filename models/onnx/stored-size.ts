import { AssayError } from '../../core/errors.ts';
import { shownShape } from '../../core/shown-shape.ts';
import { elementTypeName } from './element-type.ts';
import { byteLength, isOutside } from './external-data.ts';
import type { OnnxTensor } from './model.ts';
import { shapeOf } from './tensor.ts';

/**
 * Throws `model-invalid` for a stored tensor with a negative size, or with other bytes of values in the model than its shape asks for. Values
 * in typed fields are counted where they are read, those in other files where the files are found.
 */
export function assertFilled(tensor: OnnxTensor): void {
  const shape = shapeOf(tensor);
  const what = `Tensor "${tensor.name}" (${elementTypeName(tensor.dataType)} ${shownShape(shape)})`;
  if (shape.some((size) => size < 0))
    throw notWhole(`${what} has a negative size; sizes from 0 on are accepted.`);
  if (isOutside(tensor) || tensor.rawData.length === 0) return;
  const expected = byteLength(tensor);
  if (Number.isNaN(expected) || tensor.rawData.length === expected) return;
  throw notWhole(`${what} holds ${tensor.rawData.length} bytes of values; its shape asks for ${expected}.`);
}

function notWhole(message: string): AssayError {
  return new AssayError('model-invalid', message, {
    hint: 'The file may be cut short or damaged: compare its size and checksum with the original, or export the model again.',
  });
}
