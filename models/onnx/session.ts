import { constants, copyFile, link, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { AssayError, messageOf } from '../../core/errors.ts';
import { externalFiles, stretchOf, withStretch } from './external-data.ts';
import { mapTensors } from './map-tensors.ts';
import type { OnnxModel } from './model.ts';
import { encodeModel } from './write.ts';

/**
 * Loads a model in ONNX Runtime; its warnings are not shown. Throws `model-invalid` with its reason where it refuses the model.
 */
export async function openSession(
  model: OnnxModel,
  options: ort.InferenceSession.SessionOptions,
): Promise<ort.InferenceSession> {
  const quiet = { logSeverityLevel: 3, ...options } as const;
  const files = externalFiles(model);
  try {
    if (files.length > 0) return await openFromFolder(model, files, quiet);
    return await ort.InferenceSession.create(encodeModel(model), quiet);
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    const message = `ONNX Runtime cannot load the graph: ${messageOf(cause)}`;
    throw new AssayError('model-invalid', message, { cause });
  }
}

/** ONNX Runtime reads other files from the model's own folder only, so they are linked into a new one. */
async function openFromFolder(
  model: OnnxModel,
  files: readonly string[],
  options: ort.InferenceSession.SessionOptions,
): Promise<ort.InferenceSession> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-model-'));
  try {
    for (const [index, file] of files.entries()) await linkOrCopy(file, path.join(folder, `${index}.data`));
    const local = mapTensors(model, (tensor) => {
      const stretch = stretchOf(tensor);
      if (stretch === null) return tensor;
      return withStretch(tensor, { ...stretch, file: `${files.indexOf(stretch.file)}.data` });
    });
    const file = path.join(folder, 'model.onnx');
    await writeFile(file, encodeModel(local));
    return await ort.InferenceSession.create(file, options);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function linkOrCopy(file: string, target: string): Promise<void> {
  // A link cannot lead to another file system.
  await link(file, target).catch(() => copyFile(file, target, constants.COPYFILE_FICLONE));
}
