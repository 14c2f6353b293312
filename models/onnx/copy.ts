import { copyFile } from 'node:fs/promises';
import { externalFiles } from './external-data.ts';
import { decodeModelFile, readModelBytes } from './read.ts';
import { saveModel } from './save.ts';

/** Copies a model's file; one with weights beside it gets a copy of those beside the copy, under its name. */
export async function copyOnnx(source: string, target: string): Promise<void> {
  const model = await decodeModelFile(await readModelBytes(source), source);
  if (externalFiles(model).length === 0) await copyFile(source, target);
  else await saveModel(model, target);
}
