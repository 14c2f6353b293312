import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { AssayError, exitCodes } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { buildVariant } from '../../models/build.ts';
import { loadModel, type Model } from '../../models/manifest.ts';
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
      gzipBytes: number;
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

async function writeVariant({ id, onnx }: Model, variant: string, out: string): Promise<Optimized> {
  const built = await buildVariant({ model: onnx, variant }, '.assay/variants');
  if (built.status === 'not-applicable') return { variant, ...built };
  const file = path.join(out, `${id}.${variant}.onnx`);
  await copyFile(built.path, file);
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

function row(optimized: Optimized): string[] {
  if (optimized.status === 'not-applicable') return [optimized.variant, '-', '-', '-', optimized.reason];
  const { variant, file, sizeBytes, gzipBytes, passes } = optimized;
  return [variant, file, formatBytes(sizeBytes), formatBytes(gzipBytes), passes.join('; ')];
}

function noVariant(model: string): AssayError {
  const message =
    'No variant was given; one or more names such as int8-dynamic or prune-magnitude-50 are accepted.';
  return new AssayError('usage-invalid', message, { hint: `assay explain ${model}` });
}
