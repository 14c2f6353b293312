import { buildCommand } from '@stricli/core';
import type { ExportFlags } from '../commands/export.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { docsOf } from './docs-of.ts';
import { common } from './parameters.ts';

const oneModel = {
  kind: 'array',
  parameter: { parse: String, brief: 'Path of a model.json, or id of a model', placeholder: 'model' },
  minimum: 1,
  maximum: 1,
} as const;

export const exportRoute = buildCommand<ExportFlags, string[], CliContext>({
  loader: lazyCommand('export', async () => (await import('../commands/export.ts')).exportCommand),
  parameters: {
    positional: oneModel,
    flags: {
      ...common,
      out: {
        kind: 'parsed',
        parse: String,
        brief: 'The file; left out: named after the model, in this folder',
        optional: true,
        placeholder: 'file',
      },
    },
  },
  docs: docsOf(
    'Write a TF.js layers model (model.json) as an ONNX file',
    'Suites and assay optimize do the same by themselves where ONNX is asked for. Exit codes: 0 written, 2 bad input or a layer ONNX cannot have.',
  ),
});
