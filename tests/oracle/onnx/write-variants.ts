import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '../../../core/hash.ts';
import { drawnBatches, smallSize } from '../../../models/architectures/registry.ts';
import { buildVariant } from '../../../models/build.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import type { CalibrationData } from '../../../models/passes/calibration.ts';
import { calibrationOf, staticCases } from '../../models/static-golden.ts';

/**
 * Writes every variant of every golden model and of small forms of well-known architectures into the folder given as the first argument,
 * for `check.py` to read; what cannot be made of a model is left out.
 */
const golden = path.join(import.meta.dirname, '../../golden/models');
const variants = [
  'int8-dynamic',
  'int8-dynamic-per-tensor',
  'int8-dynamic-reduce-range',
  'int4-weights',
  'int8-weights-symmetric',
  'int2-weights-hqq',
  'int4-weights-gptq',
  'prune-2-of-4',
  'prune-2-of-4-wanda',
  'prune-wanda-50',
  'prune-sparsegpt-50',
  'prune-neurons-50',
  'prune-neurons-50-plain-multiple-1',
  'prune-channels-50',
  'prune-channels-50-plain',
  'prune-heads-50',
  'prune-magnitude-50',
  'prune-magnitude-50-per-tensor+int8-dynamic',
  'prune-channels-50+int8-static',
  'smooth-quant+int8-static',
  'smooth-quant-auto+int8-dynamic',
  'int8-static',
  'int8-static-per-tensor',
  'int8-static-i8',
  'fp16',
];

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Give the folder to write to.');
await mkdir(folder, { recursive: true });
for (const file of (await readdir(golden)).filter((name) => name.endsWith('.onnx'))) {
  for (const variant of variants) await write({ source: path.join(golden, file), variant }, folder);
}
for (const one of staticCases) {
  const source = path.join(golden, '../static-models', `${one.case}.onnx`);
  for (const variant of variants) await write({ source, variant, calibration: calibrationOf(one) }, folder);
}

for (const [name, architecture] of Object.entries(smallSize)) {
  const source = path.join(folder, 'cache', `${name}.onnx`);
  await mkdir(path.dirname(source), { recursive: true });
  await writeFile(source, encodeModel(architecture.build(1)));
  const calibration = drawnBatches(architecture, 8);
  for (const variant of variants) await write({ source, variant, calibration }, folder);
}

interface Wanted {
  source: string;
  variant: string;
  calibration?: CalibrationData;
}

async function write({ source, ...rest }: Wanted, target: string): Promise<void> {
  const model = { path: source, sha256: sha256(await readFile(source)) };
  const outcome = await buildVariant({ model, ...rest }, path.join(target, 'cache'));
  if (outcome.status === 'not-applicable') return;
  await copyFile(outcome.path, path.join(target, `${path.basename(source, '.onnx')}.${rest.variant}.onnx`));
}
