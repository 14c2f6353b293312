import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../core/make-folder.ts';
import { moveIntoPlace } from '../core/move-into-place.ts';
import { unwritable, writeWhole } from '../core/write-whole.ts';
import { formatOf } from './format.ts';
import { copyOnnx } from './onnx/copy.ts';
import { tfjsFiles } from './tfjs/read.ts';

/**
 * Copies a model with all its files: an ONNX file to `target.onnx`, with its weights in a file beside where it has such; a TF.js model
 * to the folder `target`, in place of what was there. Nothing is left half written. Returns the path of the model.
 */
export async function copyModel(source: string, target: string): Promise<string> {
  await makeFolder(path.dirname(path.resolve(target)));
  if (formatOf(source) === 'tfjs') return copyTfjs(source, target);
  await copyOnnx(source, `${target}.onnx`);
  return `${target}.onnx`;
}

/** In a folder of its own until it is whole. */
async function copyTfjs(source: string, folder: string): Promise<string> {
  const made = `${folder}.${process.pid}.new`;
  try {
    for (const file of await tfjsFiles(source)) {
      const copy = path.join(made, path.relative(path.dirname(source), file));
      await makeFolder(path.dirname(copy));
      await writeWhole(copy, async (to) => to.writeFile(await readFile(file)));
    }
    await rm(folder, { recursive: true, force: true });
    await moveIntoPlace(made, folder);
    return path.join(folder, path.basename(source));
  } catch (cause) {
    await rm(made, { recursive: true, force: true });
    throw await unwritable(folder, cause);
  }
}
