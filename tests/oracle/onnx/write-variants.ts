import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '../../../core/hash.ts';
import { buildVariant } from '../../../models/build.ts';

/** Writes every variant of every golden model into the folder given as the first argument, for `check.py` to read. */
const golden = path.join(import.meta.dirname, '../../golden/models');
const variants = [
  'int8-dynamic',
  'int8-dynamic-per-tensor',
  'int8-dynamic-reduce-range',
  'int4-weights',
  'int8-weights-symmetric',
  'int2-weights-hqq',
  'prune-magnitude-50',
  'prune-magnitude-50-per-tensor+int8-dynamic',
  'int8-static',
  'int8-static-per-tensor',
  'int8-static-i8',
  'fp16',
];

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Give the folder to write to.');
await mkdir(folder, { recursive: true });
for (const file of (await readdir(golden)).filter((name) => name.endsWith('.onnx'))) {
  for (const variant of variants) await write(path.join(golden, file), variant, folder);
}

async function write(source: string, variant: string, target: string): Promise<void> {
  const model = { path: source, sha256: sha256(await readFile(source)) };
  const outcome = await buildVariant({ model, variant }, path.join(target, 'cache'));
  if (outcome.status === 'not-applicable') return;
  await copyFile(outcome.path, path.join(target, `${path.basename(source, '.onnx')}.${variant}.onnx`));
}
