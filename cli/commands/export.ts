import path from 'node:path';
import { AssayError, exitCodes } from '../../core/errors.ts';
import { buildVariant } from '../../models/build.ts';
import { copyModel } from '../../models/copy-model.ts';
import { loadModel, fileOf } from '../../models/manifest.ts';
import { baselineVariant } from '../../models/variant.ts';
import { formatBytes } from '../../site/views/format.ts';
import type { CommandResult, CommonFlags } from '../command.ts';
import { formatTable } from '../reporters/table.ts';

export type ExportFlags = CommonFlags & { out: string | undefined };

/** `assay export <model>`: writes a TF.js layers model as an ONNX file. */
export async function exportCommand(
  { out }: ExportFlags,
  [idOrPath = '']: readonly string[],
): Promise<CommandResult> {
  const model = await loadModel(idOrPath);
  const target = out ?? `${model.id}.onnx`;
  if (!target.endsWith('.onnx'))
    throw new AssayError('usage-invalid', `--out is "${target}"; a file that ends in .onnx is accepted.`);
  const source = fileOf(model);
  const built = await buildVariant(
    { model: source, format: 'onnx', variant: baselineVariant },
    '.assay/variants',
  );
  if (built.status === 'not-applicable')
    throw new AssayError('model-invalid', `${source.path}: ${built.reason}`);
  const file = await copyModel(built.path, path.join(path.dirname(target), path.basename(target, '.onnx')));
  const { sizeBytes, passes } = built.variant;
  const done = passes.map(({ summary }) => summary).join('; ') || 'copied: it is ONNX already';
  return {
    exitCode: exitCodes.pass,
    data: { model: model.id, file, sizeBytes, done },
    text: formatTable(['file', 'size', 'what was done'], [[file, formatBytes(sizeBytes), done]]),
  };
}
