import { closeSync, openSync, readSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { AssayError } from '../../core/errors.ts';
import { shownShape } from '../../core/shown-shape.ts';
import { isInside } from '../../core/is-inside.ts';
import { elementCount } from '../../core/tensor.ts';
import { elementBits, elementTypeName } from './element-type.ts';
import { changed, numberOf, type OnnxModel, type OnnxTensor } from './model.ts';
import { onnx } from './proto/onnx.js';
import { storedTensors } from './stored-tensors.ts';

/** Where a tensor's bytes are: a stretch of a file. */
export interface Stretch {
  file: string;
  offset: number;
  length: number;
}

/** The stretch of a tensor whose values are in another file; null where they are in the model. */
export function stretchOf(tensor: OnnxTensor): Stretch | null {
  if (tensor.dataLocation !== 1) return null;
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
  const offset = Number(entries.get('offset') ?? 0);
  const length = Number(entries.get('length') ?? byteLength(tensor));
  return { file: entries.get('location') ?? '', offset, length };
}

/** The tensor with its values in a stretch of a file. */
export function withStretch(tensor: OnnxTensor, { file, offset, length }: Stretch): OnnxTensor {
  const entries = { location: file, offset: String(offset), length: String(length) };
  const externalData = Object.entries(entries).map(([key, value]) =>
    onnx.StringStringEntryProto.create({ key, value }),
  );
  return changed(tensor, { dataLocation: 1, rawData: new Uint8Array(), externalData });
}

/** Whether the bytes of a tensor are made when asked for. */
export function isDeferred(tensor: OnnxTensor): boolean {
  return Object.getOwnPropertyDescriptor(tensor, 'rawData')?.get !== undefined;
}

/** Whether memory need not hold the values of a tensor: they are in another file, or made when asked for. */
export function isOutside(tensor: OnnxTensor): boolean {
  return tensor.dataLocation === 1 || isDeferred(tensor);
}

/** How many bytes of values a tensor has, in the model or elsewhere; those in a typed field are not counted. */
export function storedBytes(tensor: OnnxTensor): number {
  if (isDeferred(tensor)) return byteLength(tensor);
  return stretchOf(tensor)?.length ?? tensor.rawData.length;
}

/** How many bytes the shape and the type of a tensor ask for; NaN for text and types of later versions. */
export function byteLength(tensor: OnnxTensor): number {
  return Math.ceil((elementCount(tensor.dims.map(numberOf)) * elementBits(tensor.dataType)) / 8);
}

/**
 * Makes the external data of a model just read from `modelFile` readable from anywhere: locations become absolute. Each must lie in
 * the model's folder, links followed, and hold what the tensor's shape asks for. Throws `model-invalid`.
 */
export async function locateExternalData(model: OnnxModel, modelFile: string): Promise<void> {
  const folder = await realpath(path.dirname(path.resolve(modelFile)));
  const sizes = new Map<string, Promise<number>>();
  for (const tensor of storedTensors(model)) {
    const stretch = stretchOf(tensor);
    if (stretch === null) continue;
    const file = await containedFile(stretch.file, folder, tensor);
    const size = sizes.get(file) ?? stat(file).then((found) => found.size);
    sizes.set(file, size);
    assertHolds(tensor, stretch, await size);
    // Decoded a moment ago and not shared yet, so changed in place.
    Object.assign(tensor, withStretch(tensor, { ...stretch, file }));
  }
}

async function containedFile(location: string, folder: string, { name }: OnnxTensor): Promise<string> {
  const wanted = path.resolve(folder, location);
  const escapes = path.isAbsolute(location) || !isInside(folder, wanted);
  const real = escapes ? null : await realpath(wanted).catch(() => null);
  if (real !== null && isInside(folder, real)) return real;
  const why = escapes || real !== null ? `lies outside the model's folder, ${folder}` : 'is not there';
  throw new AssayError(
    'model-invalid',
    `Tensor "${name}" keeps its values in another file, ${JSON.stringify(location)}, which ${why}.`,
    { hint: 'Put the file where the model names it, in the folder of the model or below.' },
  );
}

function assertHolds(tensor: OnnxTensor, { file, offset, length }: Stretch, size: number): void {
  const expected = byteLength(tensor);
  const isWhole = Number.isInteger(offset) && offset >= 0 && offset + length <= size;
  if (isWhole && length === expected) return;
  const type = elementTypeName(tensor.dataType);
  throw new AssayError(
    'model-invalid',
    `Tensor "${tensor.name}" (${type} ${shownShape(tensor.dims.map(numberOf))}, ${expected} bytes) is said to be the ${length} bytes from ${offset} of ${file}, which has ${size}.`,
    { hint: 'The file may be cut short: compare its size and checksum with the original.' },
  );
}

/** The bytes of a stretch, read now, into `bytes` where given. Throws `model-invalid` where the file is shorter by now. */
export function readStretch(
  { file, offset, length }: Stretch,
  bytes: Uint8Array = new Uint8Array(length),
): Uint8Array {
  const descriptor = openSync(file, 'r');
  try {
    for (let filled = 0; filled < length;) {
      const read = readSync(descriptor, bytes, filled, Math.min(length - filled, 2 ** 30), offset + filled);
      if (read === 0) throw new AssayError('model-invalid', `${file} became shorter while it was read.`);
      filled += read;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

/** Absolute paths of the files that hold values of the model. */
export function externalFiles(model: OnnxModel): string[] {
  return [...new Set([...storedTensors(model)].flatMap((tensor) => stretchOf(tensor)?.file ?? []))];
}
