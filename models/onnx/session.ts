import { constants, copyFile, link, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { InferenceSession } from 'onnxruntime-node';
import type * as ort from 'onnxruntime-node/dist/binding.js';
import type { Binding } from 'onnxruntime-node/dist/binding.js';
import { AssayError, messageOf } from '../../core/errors.ts';
import { elementTypeName } from './element-type.ts';
import { lacksLocale, withPlainLocale } from './english-locale.ts';
import { externalFiles, isDeferred, withStretch } from './external-data.ts';
import { lendWeights } from './lend-weights.ts';
import { linkName, toLink } from './linked-files.ts';
import { mapTensors } from './map-tensors.ts';
import type { OnnxModel, OnnxTensor } from './model.ts';
import type { OrtValues } from './ort-values.ts';
import { copyTensors } from './save.ts';
import { storedTensors } from './stored-tensors.ts';
import { withoutTelemetry } from './telemetry.ts';
import { encodeModel } from './write.ts';

const require = createRequire(import.meta.url);

export type SessionOptions = InferenceSession.SessionOptions;

/** An input or output as ONNX Runtime knows it: null is an axis known only at run time, and the type of what is not a tensor. */
export interface OrtValueInfo {
  name: string;
  /** As ONNX Runtime spells it, e.g. `float32`. */
  type: string | null;
  shape: readonly (number | null)[];
}

/**
 * A model loaded in ONNX Runtime. The package's own session waits a turn of the event loop before each call, which is no part of the
 * inference; this one calls the binding below it.
 */
export interface OrtSession {
  inputs: readonly OrtValueInfo[];
  outputs: readonly OrtValueInfo[];
  /** All outputs, each in memory of its own. Works in this thread until it is done. */
  run(feeds: OrtValues): OrtValues;
  /** Throws where it is called again. */
  close(): void;
}

/** Loads a model's file, or its bytes; ONNX Runtime's warnings are not shown. Throws what ONNX Runtime throws. */
export async function loadSession(source: string | Uint8Array, options: SessionOptions): Promise<OrtSession> {
  await nextTurn();
  return loadSessionNow(source, options);
}

/** As `loadSession`, in this turn of the event loop: for graphs of a node or two. */
export function loadSessionNow(source: string | Uint8Array, options: SessionOptions): OrtSession {
  // In a worker thread this changes a copy of the environment: who starts the process sets it there.
  Object.assign(process.env, withoutTelemetry);
  // Native code is loaded with the first session: most of a command line needs none.
  const { binding, initOrt } = require('onnxruntime-node/dist/binding.js') as typeof ort;
  initOrt();
  const native = new binding.InferenceSession();
  const quiet = { logSeverityLevel: 3, ...options } as const;
  if (typeof source === 'string') native.loadModel(source, quiet);
  else native.loadModel(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength, quiet);
  lentTo.set(native, options.externalData);
  return wrap(native);
}

/**
 * Loads a model in memory; where the system lacks the locale of its words, in one that it has. Throws `model-invalid` with ONNX Runtime's
 * reason where it refuses it.
 */
export async function openSession(model: OnnxModel, options: SessionOptions): Promise<OrtSession> {
  try {
    return await loadModel(model, options);
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    const plain = lacksLocale(cause) ? withPlainLocale(model) : model;
    if (plain !== model) return openSession(plain, options);
    const message = `ONNX Runtime cannot load the graph: ${messageOf(cause)}`;
    throw new AssayError('model-invalid', message, { cause });
  }
}

/** The binding holds none of the weights it is lent: they must not be collected before the session is. */
const lentTo = new WeakMap<Binding.InferenceSession, SessionOptions['externalData']>();

function wrap(native: Binding.InferenceSession): OrtSession {
  const outputs = native.outputMetadata.map(describe);
  const fetches = Object.fromEntries(outputs.map(({ name }) => [name, null]));
  // The binding makes new run options in every call that passes any; only its types insist on them.
  const run = native.run.bind(native) as unknown as (feeds: OrtValues, fetched: object) => OrtValues;
  return {
    inputs: native.inputMetadata.map(describe),
    outputs,
    run: (feeds) => run(feeds, fetches),
    close: () => {
      native.dispose();
    },
  };
}

function describe({ name, isTensor, type, shape }: Binding.ValueMetadata): OrtValueInfo {
  if (!isTensor) return { name, type: null, shape: [] };
  return { name, type: elementTypeName(type), shape: shape.map((size) => (size < 0 ? null : size)) };
}

async function loadModel(model: OnnxModel, options: SessionOptions): Promise<OrtSession> {
  const files = externalFiles(model);
  const deferred = [...storedTensors(model)].filter(isDeferred);
  if (files.length > 0 || deferred.length > 0) return loadFromFolder(model, { files, deferred }, options);
  // Into another file ONNX Runtime writes what is inside the model only.
  if (options.optimizedModelFilePath !== undefined) return loadSession(encodeModel(model), options);
  const lent = lendWeights(model);
  return loadSession(encodeModel(lent.model), { ...options, externalData: lent.externalData });
}

interface Outside {
  files: readonly string[];
  deferred: readonly OnnxTensor[];
}

/** ONNX Runtime reads other files from the model's own folder only, so they are linked into a new one; deferred tensors join them. */
async function loadFromFolder(
  model: OnnxModel,
  { files, deferred }: Outside,
  options: SessionOptions,
): Promise<OrtSession> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-model-'));
  try {
    for (const [index, file] of files.entries()) await linkOrCopy(file, path.join(folder, linkName(index)));
    const made = await writeDeferred(deferred, path.join(folder, 'made.data'));
    const local = mapTensors(model, (tensor) => {
      const placed = made.get(tensor);
      if (placed !== undefined) return withStretch(tensor, { ...placed, file: 'made.data' });
      return toLink(tensor, files);
    });
    const file = path.join(folder, 'model.onnx');
    await writeFile(file, encodeModel(local));
    return await withoutFolder(await loadSession(file, options), folder);
  } catch (cause) {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    throw cause;
  }
}

/** The same session, its folder removed; where files of it are mapped, Windows lets go of them only once the session is closed. */
export async function withoutFolder(
  session: OrtSession,
  folder: string,
  remove: (folder: string) => Promise<void> = (one) => rm(one, { recursive: true }),
): Promise<OrtSession> {
  const isRemoved = await remove(folder).then(
    () => true,
    () => false,
  );
  if (isRemoved) return session;
  const close = (): void => {
    session.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  return { ...session, close };
}

async function writeDeferred(tensors: readonly OnnxTensor[], file: string): ReturnType<typeof copyTensors> {
  const handle = await open(file, 'wx');
  try {
    return await copyTensors(tensors, handle);
  } finally {
    await handle.close();
  }
}

async function linkOrCopy(file: string, target: string): Promise<void> {
  // A link cannot lead to another file system.
  await link(file, target).catch(() => copyFile(file, target, constants.COPYFILE_FICLONE));
}
