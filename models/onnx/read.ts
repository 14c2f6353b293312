import { open, stat } from 'node:fs/promises';
import { AssayError, messageOf } from '../../core/errors.ts';
import { takeBytes } from '../../core/spare-bytes.ts';
import { locateExternalData } from './external-data.ts';
import protobuf from 'protobufjs/minimal.js';
import { storedTensors } from './stored-tensors.ts';
import { numberOf, type OnnxModel, type OnnxTensor } from './model.ts';
import { onnx } from './proto/onnx.js';
import { sniff } from './sniff.ts';

/** Protobuf's own limit: a message is shorter than 2 GiB. */
const maxModelBytes = 2 ** 31 - 1;

/** The bytes of a model file. Throws `not-found`, or `model-invalid` where no ONNX file can be that large. */
export async function readModelBytes(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const found = await stat(file).catch(() => null);
  if (found === null) throw new AssayError('not-found', `No model file at ${file}.`);
  if (!found.isFile())
    throw new AssayError('model-invalid', `${file} is not a file; expected an ONNX model.`);
  if (found.size > maxModelBytes) throw tooLarge(file, found.size);
  return readWhole(file, found.size);
}

/** In one call: `readFile` asks for half a megabyte at a time. */
async function readWhole(file: string, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await open(file);
  try {
    const bytes = takeBytes(size);
    let filled = 0;
    for (let read = -1; read !== 0 && filled < size; filled += read)
      ({ bytesRead: read } = await handle.read(bytes, filled, size - filled));
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

function tooLarge(file: string, sizeBytes: number): AssayError {
  return new AssayError(
    'model-invalid',
    `${file} has ${sizeBytes} bytes; an ONNX file has at most ${maxModelBytes} (below 2 GiB, the limit of protobuf).`,
  );
}

/**
 * Decodes an ONNX file; weights stay views into `bytes`. `where` names the file in errors.
 * Throws `model-invalid` where the bytes are not a whole model with its weights inside.
 */
export function decodeModel(bytes: Uint8Array, where: string): OnnxModel {
  const model = decodeWhole(bytes, where);
  assertWeightsInside(model, where);
  return model;
}

/**
 * Decodes the bytes of `file`, with weights in other files of its folder where it has such: those stay there and are read when
 * asked for. Throws `model-invalid` where the bytes are not a whole model, or another file is missing, outside or too short.
 */
export async function decodeModelFile(bytes: Uint8Array, file: string): Promise<OnnxModel> {
  const model = decodeWhole(bytes, file);
  await locateExternalData(model, file);
  return model;
}

/** Moves the larger weights within the bytes a model was decoded from, which are no ONNX file afterwards. */
export function alignWeights(model: OnnxModel): void {
  for (const tensor of storedTensors(model)) align(tensor);
}

/** From here on the tag and the length before a field have four bytes. */
const leastAligned = 2 ** 14;

/** Moves values onto their tag and length, to where floats can be read in place rather than from a copy each time. */
function align(tensor: OnnxTensor): void {
  const { buffer, byteOffset, length } = tensor.rawData;
  if (length < leastAligned || byteOffset % 4 === 0) return;
  const aligned = new Uint8Array(buffer, byteOffset - (byteOffset % 4), length);
  aligned.set(tensor.rawData);
  tensor.rawData = aligned;
}

/** Decodes an ONNX file whose weights may be in other files, of which nothing is asked here. Throws `model-invalid`. */
export function decodeWhole(bytes: Uint8Array, where: string): OnnxModel {
  const model = decode(bytes, where);
  const missing = missingPart(model);
  if (missing !== null) throw notOnnx(bytes, where, `it decodes, but has no ${missing}`);
  return model;
}

function decode(bytes: Uint8Array, where: string): OnnxModel {
  const reader = protobuf.Reader.create(bytes);
  // Fields of later versions of the format survive a pass.
  reader.discardUnknown = false;
  try {
    // The generated prototypes hold a default for every field, so none of OnnxModel's is ever undefined.
    return onnx.ModelProto.decode(reader) as OnnxModel;
  } catch (cause) {
    throw notOnnx(bytes, where, `it cannot be decoded: ${messageOf(cause)}`);
  }
}

function missingPart(model: Partial<OnnxModel>): string | null {
  if ((model.graph ?? null) === null) return 'graph';
  if (numberOf(model.irVersion ?? 0) <= 0) return 'IR version';
  return model.opsetImport?.length === 0 ? 'operator set' : null;
}

function notOnnx(bytes: Uint8Array, where: string, reason: string): AssayError {
  const found = sniff(bytes);
  const message = found === null ? `${reason} (${bytes.length} bytes)` : `it is ${found}`;
  return new AssayError('model-invalid', `${where} is not a whole ONNX model: ${message}.`, {
    hint:
      found === null
        ? 'The file may be cut short or damaged: compare its size and checksum with the original.'
        : 'Give an .onnx file, as exported by your framework.',
  });
}

function assertWeightsInside(model: OnnxModel, where: string): void {
  const outside = [...storedTensors(model)].find((tensor) => tensor.dataLocation === 1);
  if (outside === undefined) return;
  const location = outside.externalData.find((entry) => entry.key === 'location')?.value ?? 'no location';
  throw new AssayError(
    'model-invalid',
    `Tensor "${outside.name}" of ${where} keeps its values in another file (${JSON.stringify(location)}), which is looked for beside the file of a model only.`,
  );
}
