import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../core/make-folder.ts';
import { formatOf } from './format.ts';
import { copyOnnx } from './onnx/copy.ts';
import { tfjsFiles } from './tfjs/read.ts';

/**
 * Copies a model with all its files: an ONNX file to `target.onnx`, with its weights in a file beside where it has such; a TF.js
 * model into the folder `target`. Returns the path of the model.
 */
export async function copyModel(source: string, target: string): Promise<string> {
  await makeFolder(path.dirname(path.resolve(target)));
  if (formatOf(source) === 'tfjs') return copyTfjs(source, target);
  await copyOnnx(source, `${target}.onnx`);
  return `${target}.onnx`;
}

async function copyTfjs(source: string, target: string): Promise<string> {
  for (const file of await tfjsFiles(source)) {
    const copy = path.join(target, path.relative(path.dirname(source), file));
    await makeFolder(path.dirname(path.resolve(copy)));
    await copyFile(file, copy);
  }
  return path.join(target, path.basename(source));
}
