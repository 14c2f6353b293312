import { buildCommand } from '@stricli/core';
import type { OptimizeFlags } from '../commands/optimize.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { common } from './parameters.ts';

const modelAndVariants = {
  kind: 'array',
  parameter: {
    parse: String,
    brief: 'A model, then the variants to make of it',
    placeholder: 'model-variant',
  },
  minimum: 1,
} as const;

export const optimizeRoute = buildCommand<OptimizeFlags, string[], CliContext>({
  loader: lazyCommand('optimize', async () => (await import('../commands/optimize.ts')).optimizeCommand),
  parameters: {
    positional: modelAndVariants,
    flags: {
      ...common,
      out: {
        kind: 'parsed',
        parse: String,
        brief: 'Folder of the files',
        default: '.',
        placeholder: 'folder',
      },
    },
  },
  docs: {
    brief: 'Make pruned and quantized variants of a model as ONNX or TF.js files',
    fullDescription: 'Exit codes: 0 all made, 2 bad input, 4 a variant has nothing to do in this model.',
  },
});
