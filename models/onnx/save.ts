import { rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { writeAllAt, writeWhole } from '../../core/write-whole.ts';
import {
  isOutside,
  readStretch,
  storedBytes,
  stretchOf,
  withStretch,
  type Stretch,
} from './external-data.ts';
import { mapTensors } from './map-tensors.ts';
import type { OnnxModel, OnnxTensor } from './model.ts';
import { storedTensors } from './stored-tensors.ts';
import { encodePieces } from './write.ts';

/** From here on weights go to a file of their own: protobuf ends at 2 GiB, and is slow and large in memory well before. */
const mostInlineBytes = 2 ** 30;
/** Smaller tensors stay in the model: ONNX Runtime reads shapes from them before it opens other files. */
const leastExternalBytes = 1024;
/** As the format recommends, so that the file can be mapped into memory: pages for tensors that are worth it, elsewhere whole cache lines. */
const alignmentOf = (length: number): number => (length >= 2 ** 20 ? 4096 : 64);
const chunkBytes = 8 * 2 ** 20;

interface Saving {
  inlineBytes?: number;
  /**
   * Looks at the model's file, in a file of another name beside it where there is one alone, and at what it holds, null of two files. Where it
   * throws, nothing is left.
   */
  prove?: (file: string, content: readonly Uint8Array[] | null) => Promise<void>;
}

/**
 * Writes a model as one file or, where its weights are in other files already or pass `inlineBytes`, as two: `file` and `file.data`.
 * Weights of other files are copied 8 MiB at a time, deferred ones made one after the other, so memory holds one of them at most.
 * Each file appears whole or not at all, the model last. Returns the files written, the model first.
 */
export async function saveModel(
  model: OnnxModel,
  file: string,
  { inlineBytes = mostInlineBytes, prove }: Saving = {},
): Promise<string[]> {
  const tensors = [...storedTensors(model)];
  const isLarge =
    tensors.some(isOutside) || tensors.reduce((sum, tensor) => sum + storedBytes(tensor), 0) > inlineBytes;
  if (!isLarge || !tensors.some(movesOut)) {
    const content = encodePieces(model);
    await writeWhole(file, (handle) => writePieces(handle, content), {
      prove: (beside) => prove?.(beside, content) ?? Promise.resolve(),
    });
    return [file];
  }
  const data = `${file}.data`;
  const moved = new Map<OnnxTensor, OnnxTensor>();
  await writeWhole(data, async (handle) => {
    for (const [tensor, stretch] of await copyTensors(tensors, handle))
      moved.set(tensor, withStretch(tensor, { ...stretch, file: path.basename(data) }));
  });
  const written = mapTensors(model, (tensor) => moved.get(tensor) ?? tensor);
  await writeWhole(file, (handle) => writePieces(handle, encodePieces(written)));
  await prove?.(file, null).catch(async (cause: unknown) => {
    for (const one of [file, data]) await rm(one, { force: true });
    throw cause;
  });
  return [file, data];
}

async function writePieces(handle: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  let end = 0;
  for (const piece of pieces) {
    await writeAllAt(handle, piece, end);
    end += piece.length;
  }
}

type Placed = Omit<Stretch, 'file'>;

/** Writes the larger tensors to a file, one after the other; says where each is. */
export async function copyTensors(
  tensors: readonly OnnxTensor[],
  target: FileHandle,
): Promise<Map<OnnxTensor, Placed>> {
  const placed = new Map<OnnxTensor, Placed>();
  let end = 0;
  for (const tensor of tensors) {
    if (!movesOut(tensor)) continue;
    const stretch = stretchOf(tensor);
    const length = storedBytes(tensor);
    const alignment = alignmentOf(length);
    const offset = Math.ceil(end / alignment) * alignment;
    await writeTensor(target, offset, stretch ?? tensor.rawData);
    placed.set(tensor, { offset, length });
    end = offset + length;
  }
  return placed;
}

function movesOut(tensor: OnnxTensor): boolean {
  return stretchOf(tensor) !== null || storedBytes(tensor) >= leastExternalBytes;
}

async function writeTensor(target: FileHandle, offset: number, source: Stretch | Uint8Array): Promise<void> {
  const { length } = source;
  const room = source instanceof Uint8Array ? source : new Uint8Array(Math.min(chunkBytes, length));
  for (let done = 0; done < length; done += chunkBytes) {
    const size = Math.min(chunkBytes, length - done);
    const chunk =
      source instanceof Uint8Array
        ? source.subarray(done, done + size)
        : readStretch({ file: source.file, offset: source.offset + done, length: size }, room);
    await writeAllAt(target, chunk.subarray(0, size), offset + done);
  }
}
