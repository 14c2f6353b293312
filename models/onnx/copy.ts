import { writeWhole } from '../../core/write-whole.ts';
import { externalFiles } from './external-data.ts';
import { decodeModelFile, readModelBytes } from './read.ts';
import { saveModel } from './save.ts';

/**
 * Copies a model's file; one with weights beside it gets a copy of those beside the copy, under its name. Each file appears whole or
 * not at all, the model last.
 */
export async function copyOnnx(source: string, target: string): Promise<void> {
  const bytes = await readModelBytes(source);
  const model = await decodeModelFile(bytes, source);
  if (externalFiles(model).length === 0) await writeWhole(target, (to) => to.writeFile(bytes));
  else await saveModel(model, target);
}
