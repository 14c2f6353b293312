/* eslint-disable no-console -- a command whose output is its result */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '../../../core/hash.ts';
import type { Tensors } from '../../../core/tensor.ts';
import { drawnBatches, smallSize } from '../../../models/architectures/registry.ts';
import { buildVariant } from '../../../models/build.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import type { CalibrationData } from '../../../models/passes/calibration.ts';
import { goldenExports } from '../../exports/golden-exports.ts';
import { catalogModel } from '../../models/passes/catalog-calibration.ts';
import { calibrationOf, staticCases } from '../../models/static-golden.ts';
import { composedForms, variantForms } from './variant-forms.ts';

/**
 * Writes every form of every pass, and every two passes that go together, of every golden model, of models as frameworks export them, of the trained
 * models and of small forms of well-known architectures into the folder given as the first argument, for `check.py` to read. What cannot be made of a model is left out; a form
 * that can be made of none (two passes together aside), or one that fails, ends in an error. Kinds of models to take may follow.
 */
const kinds = {
  golden: goldenModels,
  static: staticModels,
  exported: exportedModels,
  small: smallModels,
  trained: trainedModels,
};

/** A model that variants are made of. */
interface Source {
  file: string;
  name: string;
  calibration?: CalibrationData;
}

const [folder, ...chosen] = process.argv.slice(2);
if (folder === undefined) throw new Error('Give the folder to write to.');
const cache = path.join(folder, 'cache');
await mkdir(cache, { recursive: true });
const made = new Map<string, number>([...variantForms, ...composedForms].map((variant) => [variant, 0]));
const failures: string[] = [];
for (const [kind, sourcesOf] of Object.entries(kinds)) {
  if (chosen.length > 0 && !chosen.includes(kind)) continue;
  for (const source of await sourcesOf()) await writeAll(source, folder);
}
report();

async function goldenModels(): Promise<Source[]> {
  const models = path.join(import.meta.dirname, '../../golden/models');
  const files = (await readdir(models)).filter((name) => name.endsWith('.onnx'));
  return files.map((file) => ({ file: path.join(models, file), name: path.basename(file, '.onnx') }));
}

function staticModels(): Source[] {
  const models = path.join(import.meta.dirname, '../../golden/static-models');
  return staticCases.map((one) => ({
    file: path.join(models, `${one.case}.onnx`),
    name: one.case,
    calibration: calibrationOf(one),
  }));
}

/** Calibrated on the rows that they were exported with. */
function exportedModels(): Source[] {
  return goldenExports.map(({ name, path: file, inputs }) => {
    const batches = async function* (): AsyncGenerator<Tensors> {
      yield await Promise.resolve(inputs);
    };
    return { file, name, calibration: { description: name, hash: name, batches } };
  });
}

async function trainedModels(): Promise<Source[]> {
  const names = await readdir(path.join(import.meta.dirname, '../../../models/catalog'));
  const found = names.map(async (name) => {
    const { file, calibration } = await catalogModel(name);
    return { file: file.path, name, calibration: someOf(calibration) };
  });
  return Promise.all(found);
}

/** What is checked is the form of a file, which a few samples decide as well as hundreds. */
function someOf(data: CalibrationData): CalibrationData {
  const batches = async function* (): AsyncGenerator<Tensors> {
    let count = 0;
    for await (const batch of data.batches()) {
      yield batch;
      if (++count === 4) return;
    }
  };
  return { description: data.description, hash: `${data.hash}-4`, batches };
}

async function smallModels(): Promise<Source[]> {
  const written = Object.entries(smallSize).map(async ([name, architecture]) => {
    const file = path.join(cache, `${name}.onnx`);
    await writeFile(file, encodeModel(architecture.build(1)));
    return { file, name, calibration: drawnBatches(architecture, 8) };
  });
  return Promise.all(written);
}

async function writeAll(source: Source, target: string): Promise<void> {
  const started = performance.now();
  const model = { path: source.file, sha256: sha256(await readFile(source.file)) };
  const calibrated = source.calibration === undefined ? {} : { calibration: source.calibration };
  let count = 0;
  for (const variant of made.keys()) {
    try {
      const outcome = await buildVariant({ model, variant, ...calibrated, gzip: false }, cache);
      if (outcome.status === 'not-applicable') continue;
      await copyFile(outcome.path, path.join(target, `${source.name}.${variant}.onnx`));
      const weights = `${outcome.path}.data`;
      if (existsSync(weights)) await copyFile(weights, path.join(target, path.basename(weights)));
      made.set(variant, (made.get(variant) ?? 0) + 1);
      count++;
    } catch (error) {
      failures.push(`${source.name} as ${variant}: ${String(error)}`);
    }
  }
  console.log(
    `${source.name}: ${count} of ${made.size} variants, ${Math.round(performance.now() - started)} ms`,
  );
}

function report(): void {
  const never = [...made].filter(([, count]) => count === 0).map(([variant]) => variant);
  const total = [...made.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${total} files of ${made.size - never.length} variants`);
  for (const failure of failures) console.log(`failed: ${failure}`);
  for (const variant of never) console.log(`of no model: ${variant}`);
  const isCovered = !never.some((variant) => variantForms.includes(variant));
  process.exitCode = failures.length === 0 && isCovered ? 0 : 1;
}
