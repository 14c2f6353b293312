import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { AssayError, exitCodes } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { buildVariant } from '../../models/build.ts';
import { copyOnnx } from '../../models/onnx/copy.ts';
import { formatOf } from '../../models/format.ts';
import { fileOf, loadModel, type Model } from '../../models/manifest.ts';
import { tfjsFiles } from '../../models/tfjs/read.ts';
import { parseVariant } from '../../models/variant.ts';
import { formatBytes } from '../../site/views/format.ts';
import type { CommandResult, CommonFlags } from '../command.ts';
import { formatTable } from '../reporters/table.ts';

export type OptimizeFlags = CommonFlags & { out: string };

/** One variant that was written, or why it was not. */
type Optimized =
  | {
      variant: string;
      status: 'written';
      file: string;
      sizeBytes: number;
      gzipBytes: number | null;
      passes: string[];
    }
  | { variant: string; status: 'not-applicable'; reason: string };

/** `assay optimize <model> <variant…>`: makes variants of a model as files. */
export async function optimizeCommand(
  { out }: OptimizeFlags,
  [idOrPath = '', ...variants]: readonly string[],
): Promise<CommandResult> {
  if (variants.length === 0) throw noVariant(idOrPath);
  for (const variant of variants) parseVariant(variant);
  const model = await loadModel(idOrPath);
  await makeFolder(path.resolve(out));
  const optimized: Optimized[] = [];
  for (const variant of variants) optimized.push(await writeVariant(model, variant, out));
  const isWhole = optimized.every(({ status }) => status === 'written');
  return {
    exitCode: isWhole ? exitCodes.pass : exitCodes.incomplete,
    data: { model: model.id, optimized },
    text: formatTable(['variant', 'file', 'size', 'gzip', 'what was done'], optimized.map(row)),
  };
}

async function writeVariant(model: Model, variant: string, out: string): Promise<Optimized> {
  const built = await buildVariant({ model: fileOf(model), variant }, '.assay/variants');
  if (built.status === 'not-applicable') return { variant, ...built };
  const file = await copyModel(built.path, path.join(out, `${model.id}.${variant}`));
  const { sizeBytes, gzipBytes, passes } = built.variant;
  return {
    variant,
    status: 'written',
    file,
    sizeBytes,
    gzipBytes,
    passes: passes.map(({ summary }) => summary),
  };
}

/** An ONNX file goes to `target.onnx`; a TF.js model has several files and gets a folder. */
async function copyModel(source: string, target: string): Promise<string> {
  if (formatOf(source) === 'onnx') {
    await copyOnnx(source, `${target}.onnx`);
    return `${target}.onnx`;
  }
  const from = path.dirname(source);
  for (const file of await tfjsFiles(source)) {
    const copy = path.join(target, path.relative(from, file));
    await makeFolder(path.dirname(copy));
    await copyFile(file, copy);
  }
  return path.join(target, path.basename(source));
}

function row(optimized: Optimized): string[] {
  if (optimized.status === 'not-applicable') return [optimized.variant, '-', '-', '-', optimized.reason];
  const { variant, file, sizeBytes, gzipBytes, passes } = optimized;
  const gzip = gzipBytes === null ? '-' : formatBytes(gzipBytes);
  return [variant, file, formatBytes(sizeBytes), gzip, passes.join('; ')];
}

function noVariant(model: string): AssayError {
  const message =
    'No variant was given; one or more names such as int8-dynamic or prune-magnitude-50 are accepted.';
  return new AssayError('usage-invalid', message, { hint: `assay explain ${model}` });
}
