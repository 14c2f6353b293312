import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { parseIfJson } from '../core/parse.ts';

const maxConfigBytes = 2 ** 20;
const configSchema = z.looseObject({ id2label: z.record(z.string().regex(/^\d+$/), z.string().min(1)) });
/** What a label is called where nobody named it. */
const placeholder = /^LABEL_\d+$/;

/**
 * The classes of a model in the order of its output, where its folder is laid out as Hugging Face's are: `config.json` beside the ONNX
 * file or, where that is in `onnx/`, above it. Null where there is none that names them.
 */
export async function labelsInConfig(onnxFile: string): Promise<string[] | null> {
  const folder = path.dirname(onnxFile);
  const folders = path.basename(folder) === 'onnx' ? [folder, path.dirname(folder)] : [folder];
  for (const one of folders) {
    const labels = await readLabels(path.join(one, 'config.json'));
    if (labels !== null) return labels;
  }
  return null;
}

/** A `config.json` may be anything's: one that is no model's says nothing. */
async function readLabels(file: string): Promise<string[] | null> {
  const size = await stat(file).then(
    ({ size }) => size,
    () => 0,
  );
  if (size === 0 || size > maxConfigBytes) return null;
  const { data } = configSchema.safeParse(parseIfJson(await readFile(file, 'utf8')));
  const labels = Object.entries(data?.id2label ?? {})
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, label]) => label);
  return labels.length < 2 || labels.every((label) => placeholder.test(label)) ? null : labels;
}
