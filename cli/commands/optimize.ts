import path from 'node:path';
import { AssayError, exitCodes } from '../../core/errors.ts';
import { makeFolder } from '../../core/make-folder.ts';
import { buildVariant } from '../../models/build.ts';
import { copyModel } from '../../models/copy-model.ts';
import { formatOf, type ModelFormat } from '../../models/format.ts';
import { fileOf, loadModel, sourceOf, type Model } from '../../models/manifest.ts';
import { formatsOf, parseVariant } from '../../models/variant.ts';
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
  const format = chooseFormat(model, variant);
  const source = sourceOf(model, format) ?? fileOf(model);
  const built = await buildVariant({ model: source, format, variant }, '.assay/variants');
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

/** A variant is made in the format of the model where its passes rewrite that, else in the one they do. */
function chooseFormat(model: Model, variant: string): ModelFormat {
  const own = formatOf(fileOf(model).path);
  const formats = formatsOf(parseVariant(variant));
  return formats.includes(own) ? own : (formats[0] ?? own);
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
