import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AssayError, messageOf } from '../../core/errors.ts';
import { parseJson } from '../../core/parse.ts';
import { locatePinned, requireSize } from '../../core/pinned-file.ts';
import { modelFileSchema, type ModelFile, type TfjsModel, type Weight, type WeightSpec } from './model.ts';
import { storedBytes } from './weight-values.ts';

/** The longest JSON text there is room for in a string. */
const maxModelBytes = 2 ** 29 - 24;
const maxWeightBytes = 2 ** 31 - 1;

/**
 * Reads a `model.json` and the weight files it names. Throws `not-found` where it is not there, and `model-invalid` where it is not
 * a TF.js model, or a weight file is missing, lies outside the model's folder or has not the size its weights take.
 */
export async function readTfjsModel(file: string): Promise<TfjsModel> {
  const model = await readModelFile(file);
  const groups: Weight[][] = [];
  for (const { paths, weights } of model.weightsManifest) {
    const shards = await Promise.all(paths.map((name) => readShard(name, file, paths)));
    groups.push(cut(Buffer.concat(shards), weights, { file, paths }));
  }
  return { file: model, groups };
}

/** Paths of the model's files: `model.json`, then the weight files in the order it names them. Throws as `readTfjsModel` does. */
export async function tfjsFiles(file: string): Promise<string[]> {
  const { weightsManifest } = await readModelFile(file);
  const names = weightsManifest.flatMap(({ paths }) => paths);
  return [file, ...(await Promise.all(names.map((name) => locateShard(name, file, names))))];
}

async function readModelFile(file: string): Promise<ModelFile> {
  requireSize(await sizeOf(file), { where: file, code: 'model-invalid', maxBytes: maxModelBytes });
  return parseJson(modelFileSchema, await readFile(file, 'utf8'), {
    what: 'TF.js model',
    where: file,
    code: 'model-invalid',
    hint: 'A model.json that tensorflowjs_converter or model.save() of TF.js wrote is accepted.',
  });
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (cause) {
    throw new AssayError('not-found', `There is no model file ${file}.`, { cause });
  }
}

async function readShard(name: string, file: string, all: readonly string[]): Promise<Buffer> {
  return readFile(await locateShard(name, file, all));
}

async function locateShard(name: string, file: string, all: readonly string[]): Promise<string> {
  const source = { folder: path.dirname(path.resolve(file)), manifest: file, code: 'model-invalid' } as const;
  try {
    return await locatePinned({ path: name }, { ...source, maxBytes: maxWeightBytes });
  } catch (cause) {
    const hint = `Put every weight file the model names beside it: ${all.join(', ')}.`;
    throw new AssayError('model-invalid', messageOf(cause), { hint, cause });
  }
}

/** Cuts the bytes of a group into its weights. */
function cut(
  bytes: Uint8Array,
  specs: readonly WeightSpec[],
  { file, paths }: { file: string; paths: readonly string[] },
): Weight[] {
  let start = 0;
  const weights = specs.map((spec) => {
    const length = storedBytes(spec) ?? stringBytes(bytes.subarray(start), spec);
    start += length;
    return { spec, bytes: bytes.subarray(start - length, start) };
  });
  if (start === bytes.length) return weights;
  throw new AssayError(
    'model-invalid',
    `The weight files of ${file} hold ${bytes.length} bytes in ${paths.join(', ')}; the ${specs.length} weights it says are there take ${start}.`,
    { hint: 'Copy model.json and its weight files from one and the same export.' },
  );
}

/** Each string has its length before it, as 4 bytes. */
function stringBytes(bytes: Uint8Array, { shape }: WeightSpec): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = 0;
  for (let left = shape.reduce((product, size) => product * size, 1); left > 0; left--) {
    // Past the end: whatever is missing, more bytes are needed than there are.
    if (end + 4 > bytes.length) return end + 4 * left;
    end += 4 + view.getUint32(end, true);
  }
  return end;
}
