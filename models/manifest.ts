import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { AssayError } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import { parseJson } from '../core/parse.ts';
import { readPinned, requireSize, type PinSource } from '../core/pinned-file.ts';
import { giveBack } from '../core/spare-bytes.ts';
import { suggest } from '../core/suggest.ts';
import { taskKinds } from '../core/task-kind.ts';
import { contentHash } from './content-hash.ts';
import type { ModelFormat } from './format.ts';
import { describeOnnx } from './describe-onnx.ts';
import { readHashed } from './onnx/read-hashed.ts';
import { modelInFolder } from './model-folder.ts';
import { tfjsFiles } from './tfjs/read.ts';

const suffix = '.model.json';
export const modelCatalogFolder = path.join(packageRoot, 'models', 'catalog');
/** protobuf cannot hold more in one file. */
const maxBytes = 2 ** 31 - 1;
const maxManifestBytes = 2 ** 20;

const name = z.string().min(1);

const pin = z.strictObject({
  /** Relative to the manifest. */
  path: name,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hex'),
  sizeBytes: z.int().positive(),
});

/** A model: what it is for, its files and their checksums, and what it reached when it was trained. */
const modelManifestSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and hyphens'),
    title: name,
    description: z.string(),
    licence: name,
    task: z.enum(taskKinds),
    /** Id of the dataset it was trained on, or the path of its manifest. */
    dataset: name,
    /** The module that trained it and the seed of its start and its shuffles; null where it was made elsewhere. */
    training: z.strictObject({ recipe: name, seed: z.int() }).nullable(),
    onnx: pin,
    /** The same network for TF.js: a layers model and the weight files it names; null only with a reason. */
    tfjs: pin.extend({ weights: z.array(pin) }).nullable(),
    tfjsReason: z.string().nullable(),
    input: z.strictObject({ name, shape: z.array(z.union([z.int().positive(), name])) }),
    /** `values` in the unit of the label, `probabilities` of the classes, or `logits` of the next token. */
    output: z.strictObject({
      name,
      kind: z.enum(['values', 'probabilities', 'logits']),
      /** The classes in the order of the output; left out, the dataset's in theirs. */
      labels: z.array(name).min(2).optional(),
    }),
    /** Figures on the test split, by ONNX Runtime, to 4 digits. */
    reached: z.array(z.strictObject({ figure: name, unit: z.string(), value: z.number() })),
  })
  .refine(({ tfjs, tfjsReason }) => (tfjs === null) === (tfjsReason !== null), {
    path: ['tfjsReason'],
    message: 'expected a reason exactly where tfjs is null',
  });

export type ModelManifest = z.output<typeof modelManifestSchema>;

/** A file of a model, verified. */
export interface ModelFile {
  /** Absolute. */
  path: string;
  sha256: string;
  sizeBytes: number;
  /** Of what other files hold of its weights; left out where there are none. */
  weightsSha256?: string;
}

/** A model on disk, its checksums verified. */
export interface Model {
  id: string;
  title: string;
  /** Null for a bare `model.json`. */
  onnx: ModelFile | null;
  /** The `model.json` of the TF.js form, with the hash of all its files; or why there is none. */
  tfjs: ModelFile | null;
  tfjsReason: string | null;
  /** Null for a bare `.onnx` or `model.json`, which says nothing of its task or data. */
  manifest: ModelManifest | null;
  /** Its classes in the order of its output, where the model itself or the folder it came in tells. */
  labels: readonly string[] | null;
}

/** The ONNX form of a model; throws `model-invalid` where there is none. */
export function onnxOf({ id, onnx }: Model): ModelFile {
  if (onnx !== null) return onnx;
  throw new AssayError('model-invalid', `${id} is a TF.js model without an ONNX form.`, {
    hint: 'A model with an .onnx file is accepted here.',
  });
}

/** The file a model is known by: its ONNX form where it has one. */
export function fileOf({ id, onnx, tfjs }: Model): ModelFile {
  const file = onnx ?? tfjs;
  if (file === null) throw new Error(`internal: ${id} has no file`);
  return file;
}

/** The file that a model in a format is made from: its own in that format, or a TF.js model that is exported. */
export function sourceOf({ onnx, tfjs }: Model, format: ModelFormat): ModelFile | null {
  return format === 'tfjs' ? tfjs : (onnx ?? tfjs);
}

/** Every model that comes with Assay, by id. */
export async function listModels(): Promise<ModelManifest[]> {
  return Promise.all((await catalogIds()).map((id) => readManifest(catalogFile(id))));
}

/**
 * Loads a model by catalog id, by the path of a `.model.json` file, whose files lie in its folder, of an `.onnx` file, of the
 * `model.json` of a TF.js model, or of a folder with one of the two.
 */
export async function loadModel(idOrPath: string): Promise<Model> {
  if (await isFolder(idOrPath)) return folderModel(path.resolve(idOrPath));
  if (idOrPath.endsWith('.onnx')) return bareOnnx(path.resolve(idOrPath));
  if (idOrPath.endsWith('.json') && !idOrPath.endsWith(suffix)) return bareTfjs(path.resolve(idOrPath));
  const file = await manifestFile(idOrPath);
  const manifest = await readManifest(file);
  const source = { folder: path.dirname(file), manifest: file, code: 'model-invalid', maxBytes } as const;
  const pinned = await readPinned(manifest.onnx, source);
  const { sha256 } = manifest.onnx;
  const { onnx, labels } = await describeOnnx(pinned.path, { bytes: pinned.bytes, sha256 });
  return {
    id: manifest.id,
    title: manifest.title,
    onnx,
    tfjs: manifest.tfjs === null ? null : await verifiedWithWeights(manifest.tfjs, source),
    tfjsReason: manifest.tfjsReason,
    manifest,
    labels,
  };
}

/** A name of the catalog is never taken for a folder. */
async function isFolder(idOrPath: string): Promise<boolean> {
  if (!/[/\\]|^\.\.?$/.test(idOrPath)) return false;
  return (await stat(idOrPath).catch(() => null))?.isDirectory() ?? false;
}

/** Named after the folder, since its files are called alike everywhere. */
async function folderModel(folder: string): Promise<Model> {
  const file = await modelInFolder(folder);
  const model = file.endsWith('.onnx') ? await bareOnnx(file) : await bareTfjs(file);
  const id = path.basename(folder);
  return { ...model, id, title: id };
}

async function verifiedWithWeights(
  tfjs: NonNullable<ModelManifest['tfjs']>,
  source: PinSource,
): Promise<ModelFile> {
  for (const weights of tfjs.weights) await readPinned(weights, source);
  const { path: file } = await readPinned(tfjs, source);
  return measureTfjs(file);
}

async function measureTfjs(file: string): Promise<ModelFile> {
  const files = await tfjsFiles(file);
  const sizes = await Promise.all(files.map((name) => sizeOf(name)));
  const sizeBytes = sizes.reduce((sum, size) => sum + size, 0);
  return { path: file, sha256: await contentHash(files), sizeBytes };
}

/** A `model.json` or `model.onnx`, as every export is called, is named after its folder: after `cars` in `cars/onnx/model.onnx`, too. */
function idOf(file: string): string {
  const { name, dir } = path.parse(file);
  if (name !== 'model') return name;
  return path.basename(path.basename(dir) === 'onnx' ? path.dirname(dir) : dir);
}

async function bareTfjs(file: string): Promise<Model> {
  const id = idOf(file);
  return {
    id,
    title: id,
    onnx: null,
    tfjs: await measureTfjs(file),
    tfjsReason: null,
    manifest: null,
    labels: null,
  };
}

async function bareOnnx(file: string): Promise<Model> {
  requireSize(await sizeOf(file), { where: file, code: 'model-invalid', maxBytes });
  const hashed = await readHashed(file);
  const { onnx, labels } = await describeOnnx(file, hashed);
  giveBack(hashed.bytes);
  const id = idOf(file);
  return {
    id,
    title: id,
    onnx,
    tfjs: null,
    tfjsReason: `${path.basename(file)} is an ONNX file without a ${suffix} that names a TF.js form.`,
    manifest: null,
    labels,
  };
}

async function manifestFile(idOrPath: string): Promise<string> {
  if (idOrPath.endsWith(suffix)) return path.resolve(idOrPath);
  const known = await catalogIds();
  if (known.includes(idOrPath)) return catalogFile(idOrPath);
  throw new AssayError('not-found', `Unknown model "${idOrPath}". ${suggest(idOrPath, known)}`, {
    hint: `A model of your own is named by the path of its .onnx file, of its TF.js model.json, of a folder with one of them, such as ./mine, or of a manifest that ends in ${suffix}.`,
  });
}

async function catalogIds(): Promise<string[]> {
  const entries = await readdir(modelCatalogFolder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function catalogFile(id: string): string {
  return path.join(modelCatalogFolder, id, `${id}${suffix}`);
}

async function readManifest(file: string): Promise<ModelManifest> {
  requireSize(await sizeOf(file), { where: file, code: 'model-invalid', maxBytes: maxManifestBytes });
  const text = await readFile(file, 'utf8');
  return parseJson(modelManifestSchema, text, { what: 'model manifest', where: file, code: 'model-invalid' });
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isFile()) return found.size;
  } catch (cause) {
    throw new AssayError('not-found', `There is no model file ${file}.`, {
      hint: 'assay list names the models that come with Assay',
      cause,
    });
  }
  throw new AssayError(
    'model-invalid',
    `${file} is not a file; an .onnx, model.json or ${suffix} file is accepted.`,
  );
}
